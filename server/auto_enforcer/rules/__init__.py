"""The rules: a folder a family, in it one page and one module a language."""
