"""What upper packages may listen to."""

from django.dispatch import Signal

taken = Signal()
"""A whole file went to a person as a download. Sent with `file` and `viewer`; the sender is `File`."""

stored = Signal()
"""A file was stored, inside the transaction that stores it. Sent with `file`; the sender is `File`. A PDF twin is not announced."""

words_ready = Signal()
"""The words of stored bytes were read, inside the transaction that keeps them. Sent with `blob_id`."""
