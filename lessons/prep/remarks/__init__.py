"""Remarks in the margin of a draft (批注): written, answered, voted on, disposed of, and taken over into the text."""
