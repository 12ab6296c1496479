"""What the library tells upper packages, inside its own transaction. A receiver only translates.

Each signal is sent with `at`; the rest of its arguments stand beside it.
"""

from django.dispatch import Signal

decided = Signal()
"""A reviewer decided: `submission`, `step`, `by`."""

taken_down = Signal()
"""A resource was taken down: `resource`, `by`, `reason`."""

invited = Signal()
"""A person was invited to a draft: `invitation`, `by`."""
