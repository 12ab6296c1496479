"""Who could do what with a resource at a moment, and why: the rule's own verdict, told as a chain of dated facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from groups import access
from groups.access import Action, Relation
from groups.access.policy import ONLY_WHAT_THEY_READ
from groups.models import OrganisationKind, Person, Role
from groups.viewer import AREAS, SCHOOL_LIKE, Viewer, viewer_for
from library.explaining import facts
from library.explaining.facts import Fact
from library.resources import work
from library.resources.models import Grant, Resource, ReviewStep
from library.resources.policies import steps_of

WORDS = {
    Action.LIST: "在列表和搜索里看到",
    Action.READ: "查看",
    Action.DOWNLOAD: "下载",
    Action.FORK: "收入备课",
    Action.EDIT: "修改",
    Action.SUBMIT: "送审",
    Action.REVIEW: "审核",
    Action.EXPORT: "导出",
    Action.COMMENT: "评论",
    Action.FAVOURITE: "收藏",
    Action.TAKE_DOWN: "下架",
    Action.SEE_VERSIONS: "看版本",
    Action.SEE_USE: "看使用情况",
    Action.ARCHIVE: "归档",
    Action.GRANT: "共享",
}

AS = {
    Relation.OWNER: "是所有者",
    Relation.OWNER_LEFT: "曾是所有者，已离开所属学校",
    Relation.CO_AUTHOR: "是作者之一",
    Relation.DRAFT_EDITOR: "被邀请一起写",
    Relation.READER: "在共享范围里",
    Relation.DOWNLOADER: "在共享范围里，可下载",
    Relation.REVIEWER_OF_TARGET: "是审核人",
    Relation.REVIEWER_OF_NEXT: "是审核人",
    Relation.HOME_SCHOOL_ADMIN: "是所属学校的管理员",
    Relation.GROUP_ADMIN: "是集团管理员",
    Relation.OFFICER_OF_AREA: "是所在区域教育局人员",
    Relation.SYSTEM_ADMIN: "是系统管理员",
    Relation.STUDIO_HOST: "是工作室主持人",
    Relation.TAKER_OR_ABOVE: "是下架人或其上级",
    **dict.fromkeys(work.RELATIONS, "按集体备课的规则"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer: allowed or not, the sentence, and the rules that together allow it; none where it is refused."""

    allowed: bool
    reason: str
    chain: tuple[Fact, ...]
    relation: Relation | None = None

    def as_json(self) -> dict[str, object]:
        return {"allowed": self.allowed, "reason": self.reason, "chain": [fact.as_json() for fact in self.chain]}


@dataclass(frozen=True, slots=True)
class Question:
    """A person, a thing, an action, a moment."""

    person: Person
    resource: Resource
    action: Action
    viewer: Viewer

    @property
    def at(self) -> datetime:
        return self.viewer.at


def explain(person: Person, resource: Resource, action: Action, at: datetime) -> Explanation:
    """Ask the rule, and tell why."""
    question = Question(person, resource, action, viewer_for(person, at))
    verdict = access.may(question.viewer, action, resource)
    does = WORDS.get(action, action.value)
    if verdict.relation is None:
        return Explanation(False, f"{person.name}那时不能{does}这份资料：{_why_not(question)}", ())
    chain = list(CHAINS.get(verdict.relation, _by_role)(question, verdict.relation))
    if action in ONLY_WHAT_THEY_READ["resource"]:
        chain += [fact for fact in explain(person, resource, Action.READ, at).chain if fact not in chain]
    state = facts.of_state(resource, at)
    told = [*chain, *([state] if state and state not in chain else [])]
    reason = f"{person.name}那时能{does}这份资料：{AS.get(verdict.relation, '有这项职责')}"
    return Explanation(True, reason, tuple(told), verdict.relation)


def _why_not(question: Question) -> str:
    """The state and the audiences of that moment. Where the person worked then is theirs to tell, not the owner's to ask."""
    if question.viewer.disabled:
        return "账号那时已停用"
    state = facts.of_state(question.resource, question.at)
    if state is None:
        return "那时还没有这份资料"
    grants = grants_then(question.resource, question.at)
    shared = "、".join(facts.of_grant(g).rule.removeprefix("本资源授权给") for g in grants) or "没有人"
    return f"{state.rule}，授权给：{shared}；{question.person.name}那时不在其中"


def grants_then(resource: Resource, at: datetime) -> list[Grant]:
    """The grants valid at a moment, as they explain best."""
    return facts.by_reach(resource.grants.valid_at(at).select_related("organisation", "person"))


def _owner(question: Question, relation: Relation) -> list[Fact]:
    home = question.resource.home_school_id
    at_home = facts.appointments(question.person, question.at, Q(organisation=home)) if home else []
    own = Fact(f"{question.person.name}是本资源的所有者", _begun(question.resource), None)
    return [*(facts.of_appointment(a) for a in at_home[:1]), own]


def _begun(resource: Resource) -> datetime | None:
    first = resource.past_states.order_by("starts_at").values_list("starts_at", flat=True).first()
    return first or resource.state_changed_at


def _co_author(question: Question, relation: Relation) -> list[Fact]:
    return [facts.of_author(question.resource, question.person)]


def _invited(question: Question, relation: Relation) -> list[Fact]:
    valid = Q(invited_at__lte=question.at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=question.at))
    invitations = question.resource.draft_invitations.filter(valid, person=question.person).order_by("invited_at")
    return [Fact(f"{question.person.name}被邀请一起写", i.invited_at, i.ended_at) for i in invitations[:1]]


def _reader(question: Question, relation: Relation) -> list[Fact]:
    grants = grants_then(question.resource, question.at)
    if relation is Relation.DOWNLOADER:
        grants = [grant for grant in grants if grant.level == "download"]
    for grant in grants:
        if grant.is_public or grant.person_id == question.person.pk:
            return [facts.of_grant(grant)]
        if grant.organisation_id and (way := facts.way_into(question.person, grant.organisation_id, question.at)):
            return [*way, facts.of_grant(grant)]
    return []


def _reviewer(question: Question, relation: Relation) -> list[Fact]:
    steps = ReviewStep.objects.filter(steps_of(question.viewer), submission__resource=question.resource)
    step = (
        steps.filter(submission__submitted_at__lte=question.at)
        .select_related("submission", "organisation", "delegated_to")
        .order_by("-submission__submitted_at", "order")
        .first()
    )
    if step is None:
        return []
    bodies = [pk for pk in (step.organisation_id, step.delegated_to_id) if pk]
    roles = Q(organisation__in=bodies, role__in=(Role.REVIEWER, Role.HOST, Role.OFFICER))
    held = facts.appointments(question.person, question.at, roles)
    asked = Fact(f"本资源送{step.organisation.name}审核", step.submission.submitted_at, None)
    return [*(facts.of_appointment(a) for a in held[:1]), asked]


def _grant_as_wide(question: Question, *organisations: int, kinds: frozenset[str] = frozenset()) -> list[Fact]:
    reached = [
        grant
        for grant in grants_then(question.resource, question.at)
        if grant.is_public
        or grant.organisation_id in organisations
        or (grant.organisation and grant.organisation.kind in kinds)
    ]
    return [facts.of_grant(grant) for grant in reached[:1]]


def _home_school_admin(question: Question, relation: Relation) -> list[Fact]:
    resource = question.resource
    held = facts.appointments(question.person, question.at, Q(role=Role.ADMIN, organisation__kind__in=SCHOOL_LIKE))
    for appointment in held:
        way = (
            facts.climb(resource.home_school, appointment.organisation_id, question.at) if resource.home_school else []
        )
        if appointment.organisation_id == resource.home_school_id or way:
            wide = _grant_as_wide(question, kinds=frozenset({*SCHOOL_LIKE, *AREAS, "group", "project"}))
            return [facts.of_appointment(appointment), *way, *wide]
    return []


def _over_home(question: Question, role: Role, kinds: frozenset[str]) -> list[Fact]:
    """An appointment over an organisation in which the home school lies, and the way from the school to it."""
    home = question.resource.home_school
    for appointment in facts.appointments(question.person, question.at, Q(role=role, organisation__kind__in=kinds)):
        if home and (way := facts.climb(home, appointment.organisation_id, question.at)):
            wide = _grant_as_wide(question, appointment.organisation_id, kinds=WIDE_FOR[role])
            return [facts.of_appointment(appointment), *way, *wide]
    return []


WIDE_FOR: Mapping[Role, frozenset[str]] = {
    Role.ADMIN: frozenset(AREAS),
    Role.OFFICER: frozenset({*SCHOOL_LIKE, *AREAS, "group", "project", "studio", "centre"}),
}


def _group_admin(question: Question, relation: Relation) -> list[Fact]:
    return _over_home(question, Role.ADMIN, frozenset({OrganisationKind.GROUP}))


def _officer(question: Question, relation: Relation) -> list[Fact]:
    return _over_home(question, Role.OFFICER, frozenset(AREAS))


ROLE_OF = {Relation.SYSTEM_ADMIN: Role.SYSTEM_ADMIN, Relation.STUDIO_HOST: Role.HOST, Relation.AUDITOR: Role.AUDITOR}


def _by_role(question: Question, relation: Relation) -> list[Fact]:
    """A standing of the person alone, or of one of several ranks."""
    if relation in ROLE_OF:
        held = facts.appointments(question.person, question.at, Q(role=ROLE_OF[relation]))
        return [facts.of_appointment(a) for a in held[:1]]
    ways = (_home_school_admin, _group_admin, _officer)
    found = next((way for ask in ways if (way := ask(question, relation))), [])
    return found or _by_role(question, Relation.SYSTEM_ADMIN)


def _in_work(question: Question, relation: Relation) -> list[Fact]:
    """A shared plan or an adaptation that is not published: what the person is in that work now."""
    words = work.why(question.resource.work, question.resource.pk, question.viewer)
    return [Fact(f"{question.person.name}在{words}", None, None)] if words else []


Chain = Callable[[Question, Relation], list[Fact]]

CHAINS: Mapping[Relation, Chain] = {
    Relation.OWNER: _owner,
    Relation.OWNER_LEFT: _owner,
    Relation.CO_AUTHOR: _co_author,
    Relation.DRAFT_EDITOR: _invited,
    Relation.READER: _reader,
    Relation.DOWNLOADER: _reader,
    Relation.REVIEWER_OF_TARGET: _reviewer,
    Relation.REVIEWER_OF_NEXT: _reviewer,
    Relation.HOME_SCHOOL_ADMIN: _home_school_admin,
    Relation.GROUP_ADMIN: _group_admin,
    Relation.OFFICER_OF_AREA: _officer,
    **dict.fromkeys(work.RELATIONS, _in_work),
}
