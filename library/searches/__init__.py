"""Searches that people keep and what the field asks for in vain: saved searches, and the gap report."""
