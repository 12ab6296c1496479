"""What the bank tells the lower packages at start-up."""

from library.questions import kinds
from library.resources.models import Kind
from search import tabs
from search.tabs import Tab

FACETS = (
    "question_type",
    "difficulty",
    "knowledge",
    "picture",
    "subject",
    "grade",
    "edition",
    "volume",
    "unit",
    "competency",
    "school",
    "studio",
    "licence",
    "year",
)


def register() -> None:
    kinds.register()
    label = str(Kind.QUESTION.label)
    tabs.register(Tab(label, FACETS, own=frozenset({"question_type", "picture"}), when={"kind": frozenset({label})}))
