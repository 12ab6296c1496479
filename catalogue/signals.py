"""Signals of the catalogue, sent inside the transaction of the change.

`node_changed(sender=Node, nodes=[…])`: titles, numbers, places or states of these nodes changed, or their textbook or
edition did. Packages above re-index what hangs on them; the receiver only touches its outbox.

`catalogue_edited(sender=<model>, actor=<user>, thing=<instance>, verb="created" | "edited" | "deleted")`: a person
edited the catalogue in the back office; `groups` writes the audit row.
"""

from django.dispatch import Signal

node_changed = Signal()
catalogue_edited = Signal()
