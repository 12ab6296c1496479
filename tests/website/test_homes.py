"""The homes: a visitor sees what the city has, a teacher this week; both at a fixed cost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, Site

from catalogue.models import Edition, Node, Outline, Subject, Textbook
from groups.models import Adoption, Term, TimetableEntry
from lessons.adaptations import services as adaptations
from lessons.adaptations.models import TaughtLesson
from lessons.designs.models import LessonDesign
from library.resources import services
from tests.factories.town import Town, whole_design
from website import selectors
from website.models import HomePage
from website.week import week_of_teacher

MOST_QUERIES = 33


@pytest.fixture
def home_page(db: None) -> HomePage:
    """The visitors' home in the place of Wagtail's welcome page."""
    Page.objects.filter(depth__gte=2).delete()
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    root = Page.objects.get(pk=root.pk)
    page: HomePage = root.add_child(instance=HomePage(title="清源市", slug="home", introduction="找课、备课、改课"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=page, is_default_site=True)
    return page


@pytest.fixture
def lesson(town: Town) -> Node:
    """Five years' maths with one lesson this week, taught by the teacher on every school day."""
    today = timezone.localdate(town.now)
    subject = Subject.objects.create(code="maths", name="数学", block="数", colour="maths")
    edition = Edition.objects.create(subject=subject, name="人教版")
    outline = Outline.objects.create(title="五年级上册")
    book = Textbook.objects.create(
        title="数学五上", subject=subject, edition=edition, grade_from=5, grade_to=5, volume="whole", outline=outline,
        is_active=True,
    )  # fmt: skip
    unit = Node.objects.create(outline=outline, kind="unit", number="6", title="多边形的面积", order=1)
    lesson = Node.objects.create(
        outline=outline, parent=unit, kind="lesson", title="梯形的面积", order=2, depth=2, periods=2
    )
    Adoption.objects.create(school=town.member, grade=5, textbook=book, starts_at=town.now - timedelta(days=90))
    monday = today - timedelta(days=today.weekday())
    term = Term.objects.create(year=today.year, half=1, first_day=monday, last_day=monday + timedelta(days=4))
    for weekday in range(1, 6):
        TimetableEntry.objects.create(
            term=term, person=town.person("teacher"), school=town.member, weekday=weekday, period=1,
            class_name="五(2)班", subject=subject, grade=5,
        )  # fmt: skip
    return lesson


def more_designs(town: Town, lesson: Node, count: int) -> None:
    for number in range(count):
        draft = services.Draft(title=f"第{number}份", document=whole_design())
        services.create(
            kind="lesson_design",
            owner=town.person("teacher"),
            school=town.member,
            draft=draft,
            at=town.now,
            nodes=[lesson],
        )


def test_the_teachers_week_shows_the_lesson_and_how_far_it_is(client: Client, town: Town, lesson: Node) -> None:
    client.force_login(town.person("teacher"))
    page = client.get(reverse("home")).content.decode()
    assert "本周要上的课" in page
    assert page.count("梯形的面积") >= 2
    assert "还没备" in page
    more_designs(town, lesson, 1)
    assert "写完了，待标备好" in client.get(reverse("home")).content.decode()


def test_the_week_says_of_each_class_what_was_recorded(client: Client, town: Town, lesson: Node) -> None:
    more_designs(town, lesson, 1)
    teacher = town.person("teacher")
    own = adaptations.keep_own(design=LessonDesign.objects.get(), by=teacher, at=town.now)
    client.force_login(teacher)
    own = adaptations.mark_ready(adaptation=own, by=teacher, at=town.now)
    page = client.get(reverse("home")).text
    assert "已备好" in page
    assert own.get_absolute_url() in page
    week = week_of_teacher(teacher, town.member, day=timezone.localdate(town.now), at=town.now)
    assert week
    first, day = next((p, d) for d in week.days for p in d.lessons if p.design)
    taught = TaughtLesson.objects.create(
        adaptation=own,
        version=own.resource.versions.get(),
        class_name=first.class_name,
        date=day.on,
        period=first.entry.period,
        recorded_at=town.now,
    )
    assert "已授课，待写反思" in client.get(reverse("home")).text
    TaughtLesson.objects.filter(pk=taught.pk).update(reflected_at=town.now)
    assert "已反思" in client.get(reverse("home")).text


def test_another_week_is_a_link_away_and_nonsense_is_this_week(client: Client, town: Town, lesson: Node) -> None:
    client.force_login(town.person("teacher"))
    assert "第2周要上的课" in client.get(reverse("home"), {"week": "1"}).content.decode()
    for nonsense in ("x", "--3", "９", "1e9", "-"):
        assert client.get(reverse("home"), {"week": nonsense}).status_code == 200


@pytest.mark.parametrize("name", ["home", "my"])
def test_the_weeks_designs_go_to_paper_by_one_button(client: Client, town: Town, lesson: Node, name: str) -> None:
    client.force_login(town.person("teacher"))
    assert "打印本周教案" not in client.get(reverse(name)).content.decode()
    design = town.draft()
    services.place(resource=design, by=town.person("teacher"), nodes=[lesson], at=town.now)
    assert f'href="{reverse("designs:print")}?of={design.uid}"' in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("week", ["²", "-²", "9" * 5000, "--1", "%00"])
def test_a_garbled_week_is_this_week(client: Client, town: Town, lesson: Node, week: str) -> None:
    client.force_login(town.person("teacher"))
    assert client.get(reverse("my"), {"week": week}).status_code == 200


def test_a_teacher_without_a_timetable_is_told_the_next_step(client: Client, town: Town) -> None:
    client.force_login(town.person("colleague"))
    assert "请本校管理员导入课表" in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("name", ["home", "my"])
def test_the_teachers_pages_cost_the_same_at_any_size(
    client: Client, town: Town, lesson: Node, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(town.person("teacher"))
    more_designs(town, lesson, 3)
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        client.get(reverse(name))
    more_designs(town, lesson, 40)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(reverse(name))


def test_a_visitor_sees_public_designs_alone(client: Client, town: Town, home_page: HomePage) -> None:
    open_design = town.published(services.Audience())
    secret = town.draft(title="还没给人看的课")
    group_only = services.submit(
        resource=secret,
        by=town.person("teacher"),
        audiences=[services.Audience(organisation=town.group)],
        at=town.now,
    )
    town.approve_all(group_only)
    page = client.get(reverse("home")).content.decode()
    assert open_design.get_absolute_url() in page
    assert "还没给人看的课" not in page
    assert selectors.visitor_home(_visitor(town)).resources == 1


def _visitor(town: Town) -> selectors.Viewer:
    from groups.viewer import viewer_for

    return viewer_for(None, timezone.now())


def test_a_reviewers_todo_is_theirs_only_when_it_is_their_turn(client: Client, town: Town) -> None:
    services.submit(
        resource=town.draft(),
        by=town.person("teacher"),
        audiences=[services.Audience(organisation=town.group)],
        at=town.now,
    )
    client.force_login(town.person("school_reviewer"))
    assert "审《梯形的面积》" in client.get(reverse("home")).content.decode()
    client.force_login(town.person("group_reviewer"))
    assert "审《梯形的面积》" not in client.get(reverse("home")).content.decode()
