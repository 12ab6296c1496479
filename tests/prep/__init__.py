"""Preparing together."""
