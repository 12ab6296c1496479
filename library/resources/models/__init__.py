"""The record every resource shares, its text and versions, its places, its reuse, its review and its use."""

from library.resources.models.kinds import Courseware, Homework, Material, MicroLesson, Package, Worksheet
from library.resources.models.people import Contribution, DraftInvitation
from library.resources.models.record import ExternalId, Grant, Kind, Licence, Placement, Resource
from library.resources.models.review import ReviewStep, Submission, SubmissionAudience
from library.resources.models.use import Derivation, Favourite, Receipt, UsageEvent
from library.resources.models.versions import Version, VersionFile, WorkingCopy, WorkingFile

__all__ = [
    "Contribution",
    "Courseware",
    "Derivation",
    "DraftInvitation",
    "ExternalId",
    "Favourite",
    "Grant",
    "Homework",
    "Kind",
    "Licence",
    "Material",
    "MicroLesson",
    "Package",
    "Placement",
    "Receipt",
    "Resource",
    "ReviewStep",
    "Submission",
    "SubmissionAudience",
    "UsageEvent",
    "Version",
    "VersionFile",
    "WorkingCopy",
    "WorkingFile",
    "Worksheet",
]
