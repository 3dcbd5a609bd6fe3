"""The zones of a check beside those of `tokenize` and Pygments, over files that others wrote."""
