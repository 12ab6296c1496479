"""The typed document: what a composed resource says, as frozen dataclasses over one small field language.

`fields` is the language, `schema` reads and writes JSON, `rich` is the closed rich text, `walk` is the one traversal
from which search text, word counts, checks, export and merge are made. One module a kind of document.
"""
