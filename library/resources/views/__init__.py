"""Pages of the library: short views over selectors and services."""
