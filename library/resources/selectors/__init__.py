"""What the library's pages read: finished values, every one of them narrowed to what the viewer may see."""
