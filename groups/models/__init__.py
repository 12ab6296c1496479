"""People, organisations, the dated relations between them, and what the access rule asks of a protected thing."""

from groups.models.audit import AuditRow
from groups.models.dated import Dated, DatedQuerySet
from groups.models.organisations import Charter, Organisation, OrganisationKind, OrganisationLink, Studio
from groups.models.people import Appointment, Nature, Person, Role
from groups.models.protected import AbstractGrant, GrantLevel, Protected, State
from groups.models.schedule import Adoption, Holiday, Pacing, Term, TimetableEntry
from groups.models.sign_in import SignInFailures

__all__ = [
    "AbstractGrant",
    "Adoption",
    "Appointment",
    "AuditRow",
    "Charter",
    "Dated",
    "DatedQuerySet",
    "GrantLevel",
    "Holiday",
    "Nature",
    "Organisation",
    "OrganisationKind",
    "OrganisationLink",
    "Pacing",
    "Person",
    "Protected",
    "Role",
    "SignInFailures",
    "State",
    "Studio",
    "Term",
    "TimetableEntry",
]
