"""The pages of preparing together."""
