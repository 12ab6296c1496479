"""What upper packages may listen to."""

from django.dispatch import Signal

taken = Signal()
"""A whole file went to a person as a download. Sent with `file` and `viewer`; the sender is `File`."""
