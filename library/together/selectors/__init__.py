"""What working together reads; every selector takes the viewer."""
