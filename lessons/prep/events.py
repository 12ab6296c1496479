"""What happens to preparations, for the packages above: sent inside the transaction in which it happens."""

from django.dispatch import Signal

moved = Signal()
"""A transition: `preparation`, `transition`, `by`, `at`."""

handed_down = Signal()
"""The shared plan reached teachers: `preparation`, `people` (those new in it), `by`, `at`."""

revised = Signal()
"""The shared plan has a new version: `preparation`, `before`, `version`, `by`, `at`.

A receiver that tells people of it answers their keys, so that nobody is told twice.
"""
