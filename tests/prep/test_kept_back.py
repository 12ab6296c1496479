"""What the lead writes and did not put out is the lead's own: to read, to download, to print, to build on."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from groups.access import Action, may, narrow
from groups.viewer import viewer_for
from lessons.prep import services as prep
from lessons.prep.models import Preparation
from library.resources import services, version_policies
from library.resources.models import Derivation, Resource, Version
from tests.factories.preps import Circle
from tests.factories.shelf import signed_in

pytestmark = pytest.mark.django_db

UNSENT = "主备人改到一半"
GIVEN = "看图说说学过的图形"
PARTICIPANTS = ("member", "expert", "observer", "approver", "organiser")


@pytest.fixture
def half_way(circle: Circle) -> Preparation:
    """The first draft is out, and the lead is half-way through the second."""
    row = circle.discussing()
    circle.write(row, UNSENT)
    return row


def _plan(row: Preparation) -> Resource:
    assert row.resource_id
    return Resource.objects.get(pk=row.resource_id)


def _as(circle: Circle, name: str) -> Client:
    return signed_in(circle.people[name])


@pytest.mark.parametrize("way", ["", "?as=word", "?as=pdf"])
@pytest.mark.parametrize("who", ["member", "expert", "observer"])
def test_who_takes_part_downloads_the_last_numbered_draft(
    circle: Circle, half_way: Preparation, who: str, way: str
) -> None:
    answer = _as(circle, who).get(f"/r/{_plan(half_way).uid}/download/{way}")
    assert answer.status_code == 200
    assert "第1稿" in unquote(answer["Content-Disposition"])
    assert _plan(half_way).versions.count() == 1, "a reader's download cuts no version"


@pytest.mark.parametrize("who", PARTICIPANTS)
def test_who_takes_part_prints_the_last_numbered_draft(circle: Circle, half_way: Preparation, who: str) -> None:
    page = _as(circle, who).get("/my/designs/print/", {"of": _plan(half_way).uid}).content.decode()
    assert GIVEN in page
    assert UNSENT not in page


def test_the_lead_prints_what_is_written_now(circle: Circle, half_way: Preparation) -> None:
    page = _as(circle, "lead").get("/my/designs/print/", {"of": _plan(half_way).uid}).content.decode()
    assert UNSENT in page


def test_the_leads_own_download_is_nobody_elses_to_read(circle: Circle, half_way: Preparation) -> None:
    assert _as(circle, "lead").get(f"/r/{_plan(half_way).uid}/download/?as=word").status_code == 200
    cut = _plan(half_way).versions.get(reason="下载草稿")
    _is_the_leads_alone(circle, cut)
    address = f"/r/{_plan(half_way).uid}/v/{cut.number}/"
    assert UNSENT in _as(circle, "lead").get(address).content.decode()
    refused = _as(circle, "member").get(address)
    assert refused.status_code in (403, 404)
    assert UNSENT not in refused.content.decode()


def test_before_the_first_draft_there_is_nothing_to_take(circle: Circle) -> None:
    row = circle.drafting()
    circle.write(row, UNSENT)
    organiser = _as(circle, "organiser")
    refused = organiser.get(f"/r/{_plan(row).uid}/download/")
    assert refused.status_code == 403
    assert "还没有提交给大家" in refused.content.decode()
    assert UNSENT not in organiser.get("/my/designs/print/", {"of": _plan(row).uid}).content.decode()
    assert not _plan(row).versions.exists()


class TestInUse:
    """The shared plan is with its teachers, and the lead writes at a revision."""

    def test_teachers_have_the_shared_plan_in_force(self, circle: Circle) -> None:
        row = circle.in_use()
        circle.write(row, UNSENT)
        member = _as(circle, "member")
        page = member.get("/my/designs/print/", {"of": _plan(row).uid}).content.decode()
        assert GIVEN in page
        assert UNSENT not in page

    def test_a_teacher_builds_on_the_shared_plan_in_force(self, circle: Circle) -> None:
        row = circle.in_use()
        circle.write(row, UNSENT)
        _as(circle, "member").post(f"/r/{_plan(row).uid}/fork/")
        assert Derivation.objects.get().source_version == row.settled_version

    def test_an_earlier_shared_plan_stays_readable(self, circle: Circle) -> None:
        row = circle.in_use()
        earlier = row.settled_version
        assert earlier
        circle.write(row, "改过的导入")
        prep.revise(preparation=row, by=circle.people["lead"], reason="导入", at=circle.now)
        assert circle_reads(circle, "member", earlier)

    def test_a_revision_that_was_set_aside_is_the_leads_alone(self, circle: Circle) -> None:
        row = circle.in_use()
        circle.write(row, UNSENT)
        organiser = circle.people["organiser"]
        row = prep.recap(preparation=row, by=organiser, at=circle.now)
        audience = services.Audience(organisation=circle.shelf.town.group)
        prep.archive(preparation=row, by=organiser, at=circle.now, audiences=(audience,))
        _is_the_leads_alone(circle, _plan(row).versions.get(label="未发布的修订"))


def circle_reads(circle: Circle, name: str, version: Version) -> bool:
    """By the rule, which its queryset twin must repeat."""
    viewer = viewer_for(circle.people[name], max(circle.now, timezone.now()))
    version = Version.objects.get(pk=version.pk)
    said = bool(may(viewer, Action.READ, version))
    assert narrow(Version.objects.filter(pk=version.pk), viewer, Action.READ).exists() is said
    return said


def _is_the_leads_alone(circle: Circle, version: Version) -> None:
    reads = {name for name in ("lead", *PARTICIPANTS, "leader", "colleague") if circle_reads(circle, name, version)}
    assert reads == {"lead"}


def test_a_picture_of_the_unsent_text_is_the_leads_alone(circle: Circle, half_way: Preparation) -> None:
    file = circle.shelf.text_file("草图.pdf", owner="stranger")
    _plan(half_way).working_copy.attachments.create(file=file, purpose="picture", order=0)
    sees = {
        name
        for name in ("lead", *PARTICIPANTS)
        if version_policies.of_file(viewer_for(circle.people[name], circle.now), file, Action.READ)
    }
    assert sees == {"lead"}
