"""Pages of term plans."""

from lessons.plans.views.boards import add, board, index, new, print_, swap
from lessons.plans.views.feeds import calendar_file, feed
from lessons.plans.views.rows import lead, row_page
from lessons.plans.views.sheets import confirm, import_, sheet

__all__ = [
    "add",
    "board",
    "calendar_file",
    "confirm",
    "feed",
    "import_",
    "index",
    "lead",
    "new",
    "print_",
    "row_page",
    "sheet",
    "swap",
]
