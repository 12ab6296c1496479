"""One door to the search outbox, so that every write marks the same row."""

from library.resources.models import Resource
from search import outbox

SOURCE = "resource"


def touch(resource: Resource) -> None:
    """Ask for the resource to be indexed as it is once this transaction is in."""
    outbox.touch(SOURCE, resource.uid)
