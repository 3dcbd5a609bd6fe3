"""What the lexer knows of each language: one module a grammar, imported when its language is first met."""
