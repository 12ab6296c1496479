"""Word in and Word out: `reading` recognises a lesson plan in a .docx, `writing` makes one of a typed document."""
