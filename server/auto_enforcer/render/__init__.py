"""Violations in the formats of people, programs and services: pure functions from items to chunks of text.

Each format is a module with a `render`. Its chunks are to be written in order; the items are consumed as the
chunks are asked for, so that memory does not grow with the number of violations.
"""
