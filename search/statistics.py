"""What the database knows about its own tables, kept fresh: SQLite never looks by itself, PostgreSQL does.

Without it SQLite takes the index of the states for the check of a visitor's hits, and reads all that is published.
"""

from datetime import datetime

from django.db import connection

ROWS = 1_000
"""So many rows of each index are looked at: milliseconds, whatever the size of the site."""


def refresh(at: datetime) -> None:
    """A job of the worker."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {ROWS}")
        cursor.execute("ANALYZE")
