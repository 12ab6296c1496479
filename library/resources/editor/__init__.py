"""The editor of typed documents (编辑器): what its page is told, what it sends, and what it may look up while typing."""
