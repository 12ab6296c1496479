"""Measurements: figures, not assertions."""
