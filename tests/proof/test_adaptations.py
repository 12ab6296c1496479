"""Random histories of adaptations: receive, edit, ready, teach, reflect, share, propose, adopt, decline, revise, in any order.

After every step: one adaptation a teacher; its state is what its records say; the shared plan's versions never change and
its working copy holds nothing that its lead did not adopt; a teacher's own text is what the teacher last wrote; who reads
is whom the model of plain facts names; credits sum to what was adopted.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from groups import access
from groups.access import Action, Refused
from groups.models import Person
from groups.viewer import viewer_for
from lessons.adaptations import services
from lessons.adaptations.models import Adaptation, Proposal, TaughtLesson
from lessons.prep.services.steps import NotReady
from lessons.prep.services.using import revise
from library.documents import rich, schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources.models import Resource
from tests.factories import adapting, people
from tests.factories.adapting import Shared
from tests.factories.town import build

pytestmark = pytest.mark.django_db

HISTORIES, STEPS = 60, 60
STAGES = ("k1", "k2", "k3")
WORDS = ("从水渠说起", "每人剪一个", "两人一组拼", "先估一估再算", "只做两题", "换成田埂的照片")


@dataclass
class History:
    """The plain facts beside the rows: who wrote what last, who shared, what was adopted of whom."""

    shared: Shared
    dice: random.Random
    teachers: list[Person]
    written: dict[int, dict[str, str]] = field(default_factory=dict)
    ready: dict[int, dict[str, str]] = field(default_factory=dict)
    open_to_group: set[int] = field(default_factory=set)
    lessons: dict[int, list[bool]] = field(default_factory=dict)
    plan: dict[str, str] = field(default_factory=dict)
    adopted: dict[int, int] = field(default_factory=dict)
    step: int = 0

    @property
    def at(self) -> Any:
        return self.shared.town.now + timedelta(seconds=self.step)

    def mine(self, who: Person) -> Adaptation | None:
        return Adaptation.objects.filter(teacher=who, preparation=self.shared.preparation).first()


def _texts(document: Any) -> dict[str, str]:
    stages = schema.load(LessonDesignDocument, document).stages
    return {key: rich.to_text(stages[key].teacher) for key in STAGES}


def refusal_of(deed: Callable[[], object]) -> str:
    """The sentence with which a deed was refused; empty when it was done."""
    try:
        deed()
    except Refused as refusal:
        return refusal.verdict.reason
    return ""


def receive(life: History, who: Person) -> None:
    before = life.mine(who)
    made = services.receive(preparation=life.shared.preparation, by=who, at=life.at)
    assert before is None or made == before
    if before is None:
        life.shared.preparation.refresh_from_db()
        base = life.shared.preparation.settled_version
        assert base is not None
        life.written[who.pk], life.lessons[who.pk] = _texts(base.document), []


def edit(life: History, who: Person) -> None:
    own = life.mine(who)
    if own:
        life.written[who.pk] |= {life.dice.choice(STAGES): f"{life.dice.choice(WORDS)}{life.step}"}
        adapting.write(own.resource, who, adapting.document(**life.written[who.pk]), life.at)


def ready(life: History, who: Person) -> None:
    own = life.mine(who)
    if own:
        services.mark_ready(adaptation=own, by=who, at=life.at)
        life.ready[who.pk] = dict(life.written[who.pk])


def share(life: History, who: Person) -> None:
    own = life.mine(who)
    if own:
        on = life.dice.random() < 0.6
        services.share_with_group(adaptation=own, by=who, on=on, at=life.at)
        (life.open_to_group.add if on else life.open_to_group.discard)(who.pk)


def teach(life: History, who: Person) -> None:
    own = life.mine(who)
    if own is None:
        return
    told: dict[str, Any] = {"class_name": f"五({life.dice.randint(1, 3)})班", "period": life.dice.randint(1, 3)}
    told["date"] = life.shared.town.now.date() - timedelta(days=life.dice.randint(0, 2))
    minutes = {life.dice.choice(STAGES): life.dice.randint(1, 30)}
    why_not = refusal_of(lambda: services.teach(adaptation=own, by=who, minutes=minutes, at=life.at, **told))
    assert not why_not or "草稿" in why_not or "已经记过" in why_not, why_not
    if not why_not:
        life.lessons[who.pk].append(False)


def reflect(life: History, who: Person) -> None:
    rows = list(TaughtLesson.objects.filter(adaptation__teacher=who).order_by("pk"))
    if rows:
        at = life.dice.randrange(len(rows))
        told = services.Reflection(achieved={"o1": life.dice.randint(1, 5)}, minutes={}, highlights=f"第{life.step}步")
        services.reflect(lesson=rows[at], by=who, reflection=told, at=life.at)
        life.lessons[who.pk][at] = True


def propose(life: History, who: Person) -> None:
    own = life.mine(who)
    if own is None or own.base is None:
        return
    base = _texts(own.base.document)
    changed = [stage for stage in STAGES if base[stage] != life.written[who.pk][stage]]
    keys = [f"stages/{life.dice.choice(changed or list(STAGES))}/teacher:changed"]
    why_not = refusal_of(lambda: services.propose_changes(adaptation=own, by=who, keys=keys, words="试过", at=life.at))
    assert not why_not or "没有选" in why_not or "已经提过" in why_not, why_not


def decide(life: History, who: Person) -> None:
    """Adopt with the proposed words where both changed, or decline; never twice."""
    proposal = Proposal.objects.order_by("pk")[life.dice.randrange(50) % max(Proposal.objects.count(), 1) :].first()
    lead = life.shared.person("colleague")
    if proposal is None:
        return
    waits = proposal.state == "open"
    declines = life.dice.random() < 0.3
    why_not = refusal_of(lambda: (_decline if declines else _adopt)(life, proposal, lead))
    assert bool(why_not) != waits, why_not
    if declines or why_not:
        return
    life.adopted[proposal.proposed_by_id] = life.adopted.get(proposal.proposed_by_id, 0) + 1
    life.plan = _texts(Resource.objects.get(pk=life.shared.resource.pk).working_copy.document)
    (change,) = proposal.changes
    assert life.plan[change["path"][1]], "what was adopted stands in the plan"


def _decline(life: History, proposal: Proposal, lead: Person) -> None:
    services.decline(proposal=proposal, by=lead, words="时间不够", at=life.at)


def _adopt(life: History, proposal: Proposal, lead: Person) -> None:
    before = dict(life.plan)
    try:
        services.adopt(proposal=proposal, by=lead, at=life.at)
    except services.NeedsChoice as left:
        assert before == _texts(Resource.objects.get(pk=life.shared.resource.pk).working_copy.document)
        services.adopt(proposal=proposal, by=lead, choices={one.path: one.theirs for one in left.conflicts}, at=life.at)


def revised(life: History, who: Person) -> None:
    life.shared.preparation.refresh_from_db()
    try:
        revise(preparation=life.shared.preparation, by=life.shared.person("colleague"), at=life.at, reason="吸收做法")
    except NotReady:
        return
    credited = dict(life.shared.preparation.credits.filter(adopted__gt=0).values_list("person", "adopted"))
    assert credited == life.adopted


DEEDS: tuple[Callable[[History, Person], None], ...] = (
    receive, edit, edit, edit, ready, share, teach, reflect, propose, propose, decide, decide, revised,
)  # fmt: skip


def check(life: History) -> None:
    rows = list(Adaptation.objects.select_related("ready_version", "resource__working_copy"))
    assert len(rows) == len({row.teacher_id for row in rows}) == len(life.written)
    leader, lead = (viewer_for(life.shared.person(who), life.at) for who in ("leader", "colleague"))
    by_leader, by_lead = (
        set(access.narrow(Adaptation.objects.all(), who, Action.READ).values_list("teacher", flat=True))
        for who in (leader, lead)
    )
    for row in rows:
        who = row.teacher_id
        assert _texts(row.resource.working_copy.document) == life.written[who], "nobody but the teacher writes it"
        said = "draft"
        if who in life.ready:
            assert row.ready_version
            assert _texts(row.ready_version.document) == life.ready[who]
            taught = life.lessons[who]
            said = "ready" if not taught else "reflected" if all(taught) else "taught"
        assert row.state == said
        assert (who in by_leader) == (said != "draft")
        assert (who in by_lead) == (said != "draft" and who in life.open_to_group)
    plan = Resource.objects.get(pk=life.shared.resource.pk)
    assert _texts(plan.working_copy.document) == life.plan, "the plan holds what its lead adopted, and nothing else"


def play(seed: int) -> int:
    shared = adapting.build(build())
    dice = random.Random(seed)
    teachers = [shared.person("teacher"), shared.person("recipient")]
    for n in range(2):
        more = people.person(f"教师{n}")
        people.post(more, shared.town.member)
        teachers.append(shared.join(more))
    life = History(shared, dice, teachers, plan=_texts(shared.version.document))
    frozen = dict(shared.resource.versions.values_list("pk", "sha256"))
    for who in teachers[:2]:
        receive(life, who)
    for life.step in range(STEPS):
        dice.choice(DEEDS)(life, dice.choice(teachers))
        check(life)
    kept = dict(shared.resource.versions.filter(pk__in=frozen).values_list("pk", "sha256"))
    assert kept == frozen
    return sum(life.adopted.values())


def test_adaptations_keep_their_word_in_every_history(scale: float) -> None:
    count, adopted = max(2, round(HISTORIES * scale)), 0
    for seed in range(count):
        with transaction.atomic():
            adopted += play(seed)
            transaction.set_rollback(True)
    print(f"adaptations: {count} histories of {STEPS} steps, {adopted} adopted, 0 broken")
    assert adopted > count, "histories in which nothing flows back prove little"
