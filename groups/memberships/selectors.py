"""What the pages of proposals and charters show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from groups import access
from groups.access import Action
from groups.memberships.models import Proposal
from groups.memberships.policies import DECIDING, PROPOSING, concerning
from groups.models import Appointment, Charter, Nature, Organisation, OrganisationKind, OrganisationLink
from groups.policies import administered, areas_organisations
from groups.viewer import SCHOOL_LIKE, Viewer

LEAVING = (
    "集团保留成员在团期间共享的资源，署名写当时的单位。",
    "离开的学校和老师留有已经收下的版本，只读；自己改编的归自己，可以接着改。",
    "离开以后，双方新共享的资源互相看不到。",
    "重新加入后，集团的共享范围立即恢复。",
)
"""What holds in every group when a school leaves; both sides read it before they propose and decide."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a viewer may propose on a page: schools to invite, members to let go, groups to leave."""

    entries: QuerySet[Organisation] | None
    exits: QuerySet[Organisation] | None
    leaving: QuerySet[Organisation] | None


def choices(here: Organisation, viewer: Viewer) -> Choices:
    members = OrganisationLink.objects.valid_at(viewer.at).filter(parent=here)
    if here.pk in viewer.runs and not here.closed_at:
        schools = Organisation.objects.filter(kind=OrganisationKind.SCHOOL, closed_at__isnull=True).order_by("name")
        inside = members.values("member")
        leavers = members.exclude(role=OrganisationLink.Role.LEAD).values("member")
        return Choices(schools.exclude(pk__in=inside), schools.filter(pk__in=leavers), None)
    if here.pk in viewer.administers:
        own = OrganisationLink.objects.valid_at(viewer.at).filter(member=here).exclude(role=OrganisationLink.Role.LEAD)
        groups = Organisation.objects.filter(
            kind__in=(OrganisationKind.GROUP, OrganisationKind.PROJECT), pk__in=own.values("parent")
        )
        return Choices(None, None, groups.order_by("name"))
    return Choices(None, None, None)


def of_organisation(here: Organisation, viewer: Viewer) -> QuerySet[Proposal]:
    """The proposals of a group or a school that are the viewer's business, the newest first."""
    side = {"school": here} if here.kind in SCHOOL_LIKE else {"group": here}
    return concerning(viewer).filter(**side).select_related("school", "group", "proposed_by", "decided_by")


def may_see_proposals(here: Organisation, viewer: Viewer) -> bool:
    return here.pk in viewer.runs or here.pk in viewer.administers or of_organisation(here, viewer).exists()


def deeds(proposal: Proposal, viewer: Viewer) -> dict[str, bool]:
    """Which buttons the viewer has on a proposal that waits."""
    if proposal.state != Proposal.State.WAITING:
        return {"decide": False, "withdraw": False}
    kind = Proposal.Kind(proposal.kind)
    return {
        "decide": bool(access.may(viewer, DECIDING[kind], proposal)),
        "withdraw": bool(access.may(viewer, PROPOSING[kind], proposal)),
    }


def reads_whole_charter(group: Organisation, viewer: Viewer) -> bool:
    """Members of the group read its whole charter, as do its administrators and its bureau's officers."""
    return bool(access.may(viewer, Action.SEE_PEOPLE, group))


@dataclass(frozen=True, slots=True)
class CharterShown:
    """A charter with as much of its text as the reader may see."""

    charter: Charter
    body: str
    is_whole: bool


def charters(group: Organisation, viewer: Viewer) -> list[CharterShown]:
    """Every charter of a group that has begun, the newest first."""
    whole = reads_whole_charter(group, viewer)
    begun = group.charters.filter(starts_at__lte=viewer.at).select_related("public_part")
    return [_shown(charter, whole=whole) for charter in begun]


def charter_of(group: Organisation, at: datetime, *, whole: bool) -> CharterShown | None:
    """The charter that holds at a moment, whole for the members."""
    charter = group.charters.valid_at(at).select_related("public_part").first()
    return _shown(charter, whole=whole) if charter else None


def _shown(charter: Charter, *, whole: bool) -> CharterShown:
    public = getattr(charter, "public_part", None)
    if whole or public is None:
        return CharterShown(charter, charter.body, True)
    return CharterShown(charter, public.body, False)


def exchanges(here: Organisation) -> QuerySet[Appointment]:
    """Who comes or came to a school for a time, the latest first."""
    held = Appointment.objects.filter(organisation=here).exclude(nature__in=(Nature.MAIN, Nature.SEAT))
    return held.select_related("person", "person__staff_school").order_by("-starts_at", "-pk")


def may_appoint(here: Organisation, viewer: Viewer) -> bool:
    """The relations of the row `appointment, create`."""
    return here.pk in administered(viewer) or here.pk in areas_organisations(viewer)
