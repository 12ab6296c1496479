"""PDFium is not thread-safe: one lock for every call into it."""

from threading import RLock

PDFIUM = RLock()
