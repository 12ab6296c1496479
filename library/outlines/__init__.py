"""How outlines change: proposals that a second person approves, mappings between revisions, courses of schools."""
