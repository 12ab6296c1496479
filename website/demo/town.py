"""Names of the content found as rows: people, organisations, nodes, resources."""

from dataclasses import dataclass, field
from datetime import datetime

from catalogue.models import Node, Subject, Textbook
from groups.models import Appointment, GrantLevel, Nature, Organisation, OrganisationKind, Person
from library.resources.models import Resource
from library.resources.services import Audience
from website.demo.reading import DemoProblem, Facts, moment

VOLUMES = {"上册": "first", "下册": "second", "全一册": "whole"}
IGNORED = str.maketrans("", "", "《》 　·0123456789")


@dataclass(slots=True)
class Town:
    """The rows that content names stand for; grows while loading."""

    now: datetime
    city: Organisation | None = None
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)

    def person(self, name: str) -> Person:
        if name not in self.people:
            raise DemoProblem(f"people.yaml 里没有“{name}”")
        return self.people[name]

    def organisation(self, key: str) -> Organisation:
        if key not in self.organisations:
            raise DemoProblem(f"world.yaml 里没有机构“{key}”")
        return self.organisations[key]

    def resource(self, key: str) -> Resource:
        if key not in self.resources:
            raise DemoProblem(f"没有资源“{key}”")
        return self.resources[key]

    def pin(self, key: str) -> tuple[str, int]:
        """uid and published version of a question that was loaded."""
        version = self.resource(key).published_version
        if version is None:
            raise DemoProblem(f"“{key}”还没有发布，不能选入作业或试卷")
        return self.resource(key).uid, version.number

    def school_of(self, person: Person, at: datetime) -> Organisation | None:
        """The school of the main appointment at a moment."""
        found = (
            Appointment.objects.valid_at(at)
            .filter(person=person, organisation__kind=OrganisationKind.SCHOOL)
            .select_related("organisation")
        )
        return next((a.organisation for a in sorted(found, key=lambda a: a.nature != Nature.MAIN)), None)

    def audience(self, told: str | Facts) -> Audience:
        """`public`, `city`, `org:key`, `person:name`, or a mapping `{to, level, days_ago, ends_days_ago}`."""
        facts: Facts = {"to": told} if isinstance(told, str) else told
        to, level = str(facts["to"]), GrantLevel(str(facts.get("level", "download")))
        starts = moment(facts, self.now) if "days_ago" in facts else None
        ends = moment({"days_ago": facts["ends_days_ago"]}, self.now) if "ends_days_ago" in facts else None
        sort, _, name = to.partition(":")
        organisation = {"org": lambda: self.organisation(name), "city": lambda: self.city}.get(sort, lambda: None)()
        person = self.person(name) if sort == "person" else None
        return Audience(organisation, person, level, starts, ends)

    def node(self, facts: Facts | None, key: str) -> Node | None:
        """The node that a place of the content names; None is noted in `unplaced`."""
        if not facts:
            return None
        found = _find_node(facts)
        if found is None:
            self.unplaced.append(f"{key}: {facts}")
        return found

    def subject(self, name: str) -> Subject:
        found = Subject.objects.filter(name=name).first()
        if found is None:
            raise DemoProblem(f"没有学科“{name}”")
        return found


def _find_node(facts: Facts) -> Node | None:
    books = (
        Textbook.objects.filter(
            subject__name=facts["subject"],
            edition__name=facts["edition"],
            grade_from=facts["grade"],
            volume=VOLUMES[str(facts["volume"])],
            outline__isnull=False,
        )
        .select_related("outline")
        .order_by("-is_active", "-revision")
    )
    for book in books:
        nodes = list(Node.objects.filter(outline=book.outline).order_by("order"))
        units = [n for n in nodes if n.kind == Node.Kind.UNIT and n.number == str(facts.get("unit", ""))]
        if not facts.get("lesson"):
            if units:
                return units[0]
            continue
        wanted = plain(str(facts["lesson"]))
        named = [n for n in nodes if plain(n.title) == wanted]
        under = [n for n in named if any(n.parent_id == u.pk for u in units)]
        if under or named:
            return (under or named)[0]
        if units and not any(n.parent_id == units[0].pk for n in nodes):
            return units[0]
    return None


def plain(title: str) -> str:
    return title.translate(IGNORED)
