"""本校本月, 成长档案, who uses whose work, and what of the school's own books waits to be made."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.models import Adoption, Nature, Organisation, Person
from groups.viewer import viewer_for
from library.resources import services
from library.resources.models import Contribution, Derivation, Grant, Resource
from library.together.models import QualityMark
from tests.factories import people, shelf
from tests.factories.shelf import Shelf, current, signed_in
from tests.factories.town import Town
from website.coverage import coverage
from website.flows import flows
from website.month import Month, sheet_of
from website.portfolio import portfolio_of

MOST_QUERIES = 15


@pytest.fixture
def books(town: Town) -> Shelf:
    return shelf.build(town)


def _month(town: Town) -> Month:
    return Month.of("", town.now)


def _taken(town: Town, resource: Resource) -> None:
    services.fork(version=current(resource), by=town.person("colleague"), school=town.lead, at=town.now)


def test_the_month_names_what_was_published_given_and_reviewed(town: Town) -> None:
    work = town.published(services.Audience(organisation=town.group))
    _taken(town, work)

    own = sheet_of(town.member, viewer_for(town.person("teacher"), town.now), _month(town))
    theirs = sheet_of(town.lead, viewer_for(town.person("colleague"), town.now), _month(town))

    assert [line.what for line in own.published.lines] == ["梯形的面积"]
    assert [line.beside for line in own.given.lines] == ["清源实验小学"]
    assert own.reviewed.count == 1
    assert [line.beside for line in theirs.taken.lines] == ["西溪小学"]
    assert theirs.published.count == 0


def test_a_month_leaves_out_without_a_count_what_the_reader_may_not_list(town: Town) -> None:
    _taken(town, town.published(services.Audience(organisation=town.group)))

    seen = sheet_of(town.member, viewer_for(town.person("stranger"), town.now), _month(town))

    assert (seen.published.count, seen.given.count, seen.reviewed.count) == (0, 0, 0)


def test_which_schools_took_a_work_is_for_those_who_may_see_its_use(town: Town) -> None:
    _taken(town, town.published(services.Audience(organisation=town.group)))
    expected = {"teacher": 1, "school_admin": 1, "county_officer": 1, "school_reviewer": 0, "colleague": 0}

    for name, lines in expected.items():
        viewer = viewer_for(town.person(name), town.now)
        assert sheet_of(town.member, viewer, _month(town)).given.count == lines, name
        assert len(portfolio_of(town.person("teacher"), viewer).adopted) == lines, name


def test_a_month_holds_its_own_days_alone(town: Town) -> None:
    work = town.published(services.Audience(organisation=town.group))
    month = _month(town)
    Resource.objects.filter(pk=work.pk).update(published_at=month.starts_at)
    viewer = viewer_for(town.person("teacher"), town.now)
    before = Month.of(month.before, town.now)

    assert sheet_of(town.member, viewer, month).published.count == 1
    assert sheet_of(town.member, viewer, before).published.count == 0
    Resource.objects.filter(pk=work.pk).update(published_at=month.starts_at - timedelta(seconds=1))
    assert sheet_of(town.member, viewer, month).published.count == 0
    assert sheet_of(town.member, viewer, before).published.count == 1


def test_the_arrows_end_at_this_month_and_nonsense_is_this_month(town: Town) -> None:
    now = town.now
    this = Month.of("", now)
    for said in ("nonsense", "2026-13", "9999-12", "0001-01", "../../etc", "2026-1-1"):
        assert Month.of(said, now) == this
    assert this.after == ""
    january = Month.of("2025-01", now)
    assert (january.before, january.after, january.next_first) == ("2024-12", "2025-02", date(2025, 2, 1))


def test_the_month_tells_who_works_elsewhere_with_dates(town: Town) -> None:
    people.post(town.person("teacher"), town.lead, nature=Nature.SUPPORT, starts_at=town.now - timedelta(days=60))
    viewer = viewer_for(town.person("school_admin"), town.now)

    ours, theirs = (sheet_of(school, viewer, _month(town)).away.lines for school in (town.member, town.lead))

    assert ours[0].beside.startswith("去清源实验小学，支教")
    assert theirs[0].beside.startswith("来本校，支教")


def test_the_month_is_for_the_schools_own_people(client: Client, town: Town) -> None:
    address = reverse("groups:month", args=[town.member.slug])
    assert client.get(address).status_code == 302
    expected = {"teacher": 200, "school_admin": 200, "county_officer": 200, "colleague": 403, "stranger": 403}
    for name, status in expected.items():
        assert signed_in(town.person(name)).get(address).status_code == status, name
    assert signed_in(town.person("teacher")).get(reverse("groups:month", args=[town.group.slug])).status_code == 404


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def _many(town: Town, work: Resource, number: int) -> None:
    """More of everything that the two sheets list: published, taken by others, reviewed, marked."""
    version = current(work)
    for n in range(number):
        made = town.draft(title=f"第{n}课")
        cut = services.submit(
            resource=made, by=made.owner, audiences=(services.Audience(organisation=town.member),), at=town.now
        )
        town.approve_all(cut)
        services.fork(version=version, by=_taker(town, n), school=town.lead, at=town.now)
        QualityMark.objects.create(
            resource=made, level="group", organisation=town.group, certificate=f"证{n}",
            awarded_by=town.person("group_reviewer"), awarded_at=town.now, version=cut.version,
        )  # fmt: skip


def _taker(town: Town, number: int) -> Person:
    made = people.person(f"取用者{number}")
    people.post(made, town.lead)
    return made


def test_both_sheets_cost_the_same_for_few_and_for_many(town: Town) -> None:
    work = town.published(services.Audience(organisation=town.group))
    client = signed_in(town.person("teacher"))
    pages = [
        reverse("groups:month", args=[town.member.slug]),
        reverse("groups:portfolio", args=[town.person("teacher").uid]),
        reverse("groups:portfolio", args=[town.person("school_reviewer").uid]),
    ]
    _many(town, work, 3)
    few = [_queries(client, page) for page in pages]
    _many_more(town, work)
    many = [_queries(client, page) for page in pages]

    assert few == many
    assert max(many) <= MOST_QUERIES


def _many_more(town: Town, work: Resource) -> None:
    """A hundred more of each, straight into the tables."""
    teacher = town.person("teacher")
    made = [
        Resource(
            kind=work.kind, title=f"旧课{n}", owner=teacher, home_school=town.member, state="draft",
            published_at=town.now,
        )
        for n in range(100)
    ]  # fmt: skip
    for resource in made:
        resource.save()
    Resource.objects.filter(pk__in=[r.pk for r in made]).update(
        state="published", published_version=work.published_version
    )
    Contribution.objects.bulk_create(Contribution(resource=r, person=teacher, school_then=town.member) for r in made)
    Grant.objects.bulk_create(
        Grant(resource=r, organisation=town.group, level="download", starts_at=town.now - timedelta(days=1))
        for r in made
    )
    copies = [
        Resource(kind=work.kind, title="抄", owner=town.person("colleague"), home_school=town.lead, primary=False)
        for _ in made
    ]
    for copy in copies:
        copy.save()
    Derivation.objects.bulk_create(
        Derivation(resource=copy, source=source, source_version=current(work))
        for copy, source in zip(copies, made, strict=True)
    )


def test_a_portfolio_shows_published_adopted_marks_reviews_and_places(town: Town) -> None:
    work = town.published(services.Audience(organisation=town.group))
    _taken(town, work)
    people.post(town.person("teacher"), town.lead, nature=Nature.ROTATION, starts_at=town.now - timedelta(days=30))
    own = portfolio_of(town.person("teacher"), viewer_for(town.person("teacher"), town.now))
    reviewer = town.person("school_reviewer")

    assert [(w.resource.title, w.school_then) for w in own.works] == [("梯形的面积", "西溪小学")]
    assert [(a.resource.title, a.school_then, a.times) for a in own.adopted] == [("梯形的面积", "清源实验小学", 1)]
    assert [post.nature for post in own.places] == ["main", "rotation"]
    done = portfolio_of(reviewer, viewer_for(town.person("school_admin"), town.now)).reviews
    assert [step.submission.resource.uid for step in done] == [work.uid]


def test_a_portfolio_hides_from_a_colleague_reviews_and_what_is_not_shared(town: Town) -> None:
    work = town.published(services.Audience(organisation=town.member))
    colleague = viewer_for(town.person("colleague"), town.now)

    assert portfolio_of(town.person("teacher"), colleague).works == ()
    shown = signed_in(town.person("colleague")).get(reverse("groups:portfolio", args=[work.owner.uid]))
    assert work.title not in shown.content.decode()


def test_reviews_of_a_work_that_a_colleague_reads_are_still_not_the_colleagues(town: Town) -> None:
    town.published(services.Audience(organisation=town.group))
    reviewer = town.person("school_reviewer")

    def reviews(name: str) -> int:
        return len(portfolio_of(reviewer, viewer_for(town.person(name), town.now)).reviews)

    assert (reviews("school_reviewer"), reviews("school_admin"), reviews("colleague")) == (1, 1, 0)


def test_past_places_are_for_the_person_and_for_those_who_may_see_that_school(town: Town) -> None:
    teacher = town.person("teacher")
    people.post(
        teacher, town.lead, nature=Nature.SUPPORT,
        starts_at=town.now - timedelta(days=300), ends_at=town.now - timedelta(days=100),
    )  # fmt: skip

    def places(name: str) -> list[Organisation]:
        return [post.organisation for post in portfolio_of(teacher, viewer_for(town.person(name), town.now)).places]

    assert places("teacher") == places("school_admin") == [town.member, town.lead]
    assert places("colleague") == [town.member, town.lead]
    assert places("stranger") == [town.member]


def test_ones_own_portfolio_is_one_address(town: Town) -> None:
    teacher = town.person("teacher")
    assert signed_in(teacher).get(reverse("my-portfolio")).headers["Location"].endswith(f"/p/{teacher.uid}/portfolio/")


def test_who_used_whose_work_is_told_by_school_and_only_of_what_one_may_see(town: Town) -> None:
    _taken(town, town.published(services.Audience(organisation=town.group)))
    schools = [town.member.pk, town.lead.pk]

    seen = flows(schools, viewer_for(town.person("colleague"), town.now), within=True)

    assert [(f.giver, f.taker, f.works, f.times) for f in seen] == [(town.member, town.lead, 1, 1)]
    assert flows(schools, viewer_for(None, town.now), within=True) == ()
    assert "谁用了谁的" in signed_in(town.person("colleague")).get(town.group.get_absolute_url()).content.decode()


def test_a_school_sees_what_of_its_own_books_is_missing_and_claims_it(town: Town, books: Shelf) -> None:
    Adoption.objects.create(school=town.member, grade=5, textbook=books.book, starts_at=town.now - timedelta(days=9))
    books.book.volume = "whole"
    books.book.save()
    books.published(books.draft(node=books.lessons[0]), services.Audience(organisation=town.member))
    teacher = town.person("teacher")

    row = coverage(town.member, viewer_for(teacher, town.now))[0]

    assert (row.lessons, row.covered, row.missing) == (3, 1, 2)
    assert [gap.node for gap in row.gaps] == books.lessons[1:]
    client = signed_in(teacher)
    assert "认领" in client.get(town.member.get_absolute_url()).content.decode()
    client.post(reverse("catalogue:claim", args=[books.outline.uid, books.lessons[1].uid]))
    after = coverage(town.member, viewer_for(teacher, town.now))[0]
    assert (after.covered, [gap.is_mine for gap in after.gaps]) == (1, [True, False])
    assert "认领" not in signed_in(town.person("colleague")).get(town.member.get_absolute_url()).content.decode()


def test_a_book_of_the_other_half_year_is_not_this_terms(town: Town, books: Shelf) -> None:
    Adoption.objects.create(school=town.member, grade=5, textbook=books.book, starts_at=town.now - timedelta(days=9))
    viewer = viewer_for(None, town.now)
    today = town.now.date()
    term = town.member.terms.create(
        year=today.year, half=1, first_day=today - timedelta(days=9), last_day=today + timedelta(days=90)
    )

    assert [row.textbook for row in coverage(town.member, viewer)] == [books.book]
    term.half = 2
    term.save()
    assert coverage(town.member, viewer) == []


def test_a_month_does_not_name_whose_hand_passed_a_work(town: Town) -> None:
    town.published(services.Audience(organisation=town.member))
    page = signed_in(town.person("teacher")).get(reverse("groups:month", args=[town.member.slug]))
    assert "陈立言" not in page.content.decode()
