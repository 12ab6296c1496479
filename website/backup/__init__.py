"""Taking the whole site away and bringing it back: rows as text, files by content, and the proof that both are whole."""
