"""Pages: printed sheets set by typst as a PDF, with our own two faces, so that every machine prints the same."""

from library.documents.paging.writing import write

__all__ = ["write"]
