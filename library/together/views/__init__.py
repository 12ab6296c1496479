"""Pages and buttons of working together."""
