"""A teacher's .docx as a lesson design: blocks without Word's ways, then recognised sections, then the typed document.

`package` opens the file, `body` makes neutral `blocks` of it, `recogniser` finds plans in them, `shared` and `typed`
write what was found. Nothing here asks a database or the site: it runs in a bounded process of its own.
"""
