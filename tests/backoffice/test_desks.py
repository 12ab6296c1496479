"""What is decided at desks: each list holds what is the reader's business, leads to where it is decided, costs the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.memberships.models import Proposal
from groups.models import Role
from groups.viewer import viewer_for
from library.resources import services
from library.resources.kinds import registered
from library.resources.models import Kind, Resource
from library.together.models import Appeal, Comment, CommentReport
from tests.backoffice.world import World
from tests.factories import people
from tests.factories.town import whole_design
from website.back_office import dashboard, desk_lists


def _list(world: World, role: str, name: str) -> str:
    return world.client(role).get(reverse(f"wagtailsnippets_{name}:list")).content.decode()


@pytest.fixture
def public(world: World) -> Resource:
    return world.shelf.published(world.shelf.draft(title="梯形的面积"))


def _reported(world: World, resource: Resource, number: int = 1) -> None:
    for n in range(number):
        said = Comment.objects.create(
            resource=resource, author=world.people["teacher"], words=f"这句不合适{n}", at=world.town.now
        )
        CommentReport.objects.create(comment=said, by=world.people["officer"], reason="与课无关", at=world.town.now)


def test_an_officer_finds_the_steps_of_the_own_desk_and_nobody_elses(world: World) -> None:
    county = services.Audience(organisation=world.town.county)
    public = world.shelf.published(world.shelf.draft(title="梯形的面积"), county)
    shown = _list(world, "officer", "library_reviewstep")

    assert "《梯形的面积》县（区）审核" in shown
    assert "《梯形的面积》校级审核" not in shown
    assert reverse("library:review", args=[public.submissions.get().pk]) in shown


def test_reported_comments_are_for_those_who_answer_for_the_work(world: World, public: Resource) -> None:
    _reported(world, public)

    assert "这句不合适0" in _list(world, "officer", "together_commentreport")
    assert "这句不合适0" in _list(world, "group_admin", "together_commentreport")
    for role in ("host", "editor", "site_editor", "auditor"):
        viewer = viewer_for(world.people[role], world.town.now)
        assert not desk_lists._reports(viewer).exists(), role


def test_an_appeal_waits_for_whom_may_answer_it(world: World, public: Resource) -> None:
    officer = world.people["officer"]
    services.take_down(resource=public, by=officer, reason="有误", at=world.town.now)
    Appeal.objects.create(resource=public, by=public.owner, words="请恢复", at=world.town.now)

    assert "《梯形的面积》的申诉" in _list(world, "officer", "together_appeal")
    assert "有 1 份申诉等你答复。" in world.client("officer").get("/admin/").content.decode()
    assert not desk_lists._appeals(viewer_for(world.people["host"], world.town.now)).exists()


def test_a_proposal_stands_on_the_first_screen_of_who_answers_it(world: World) -> None:
    school = people.organisation("school", "新来小学")
    people.link(school, world.town.county, "area")
    made = Proposal.objects.create(
        kind="exit", school=world.town.member, group=world.town.group, reason="合并", document_title="文件",
        proposed_by=world.people["group_admin"], proposed_at=world.town.now,
    )  # fmt: skip

    shown = world.client("officer").get("/admin/").content.decode()

    assert f"{made}，等你答复。" in shown
    assert made.get_absolute_url() in _list(world, "group_admin", "memberships_proposal")
    assert str(made) not in world.client("host").get("/admin/").content.decode()


def test_every_registered_kind_can_be_chosen_in_the_list_of_resources(world: World) -> None:
    shown = world.client("officer").get(reverse("back_office_resources:index")).content.decode()

    assert {spec.kind for spec in registered()} == set(Kind.values)
    assert [kind for kind in Kind.values if f'value="{kind}"' not in shown] == []


def test_only_the_system_administrator_is_led_to_the_sites_health(world: World) -> None:
    assert reverse("health") in world.client("system_admin").get("/admin/").content.decode()
    for role in ("officer", "host", "site_editor", "auditor"):
        assert reverse("health") not in world.client(role).get("/admin/").content.decode(), role


def test_who_manages_people_is_led_to_them(world: World) -> None:
    officer = viewer_for(world.people["officer"], world.town.now)
    editor = viewer_for(world.people["site_editor"], world.town.now)

    assert reverse("people:index") in [line.url for line in dashboard.places(officer)]
    assert reverse("people:index") not in [line.url for line in dashboard.places(editor)]


def _cost(world: World, role: str, name: str) -> int:
    client, url = world.client(role), reverse(f"wagtailsnippets_{name}:list")
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_lists_cost_the_same_for_few_and_for_many(world: World, public: Resource) -> None:
    people.post(world.people["group_admin"], world.town.member, Role.REVIEWER)
    asked = [("officer", "together_commentreport"), ("group_admin", "library_reviewstep")]
    _reported(world, public, 2)
    _submitted(world, 2)
    few = [_cost(world, role, name) for role, name in asked]
    _reported(world, public, 100)
    _submitted(world, 12)
    many = [_cost(world, role, name) for role, name in asked]

    assert few == many


def _submitted(world: World, number: int) -> None:
    town = world.town
    for n in range(number):
        draft = services.create(
            kind="lesson_design", owner=town.person("teacher"), school=town.member,
            draft=services.Draft(title=f"第{n}课", document=whole_design()), at=town.now,
        )  # fmt: skip
        services.submit(
            resource=draft, by=draft.owner, audiences=(services.Audience(organisation=town.member),), at=town.now
        )
