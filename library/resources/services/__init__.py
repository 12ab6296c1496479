"""Every write to the library: load, permit, change, record, each in one transaction."""

from library.resources.services.bulk import BulkChanges, BulkResult, describe_many
from library.resources.services.lifecycle import archive, bin_draft, restore, take_down, withdraw
from library.resources.services.reuse import file_favourites, fork, toggle_favourite, undo_fork
from library.resources.services.reviewing import (
    Audience,
    approve,
    chain_for,
    delegate,
    return_for_changes,
    submit,
    withdraw_submission,
)
from library.resources.services.sharing import add_author, decline_editing, end_grant, invite_editor, revoke_editor
from library.resources.services.usage import Use, record_use, record_uses
from library.resources.services.versions import cut_version
from library.resources.services.writing import Conflict, Draft, Metadata, create, describe, place, save

__all__ = [
    "Audience",
    "BulkChanges",
    "BulkResult",
    "Conflict",
    "Draft",
    "Metadata",
    "Use",
    "add_author",
    "approve",
    "archive",
    "bin_draft",
    "chain_for",
    "create",
    "cut_version",
    "decline_editing",
    "delegate",
    "describe",
    "describe_many",
    "end_grant",
    "file_favourites",
    "fork",
    "invite_editor",
    "place",
    "record_use",
    "record_uses",
    "restore",
    "return_for_changes",
    "revoke_editor",
    "save",
    "submit",
    "take_down",
    "toggle_favourite",
    "undo_fork",
    "withdraw",
    "withdraw_submission",
]
