"""No step of a preparation is illegal, stuck or doubled: a long random walk by every relation, by posts of every kind.

The walk knows the policy document and the table of transitions, and nothing of the product. Each step is a post by a
random person, with an up-to-date page, a stale tab or none, sometimes sent twice; afterwards the preparation must be
exactly where the walk says. Every so often each row of the policy is asked for everybody, of the preparation and of its
shared plan; at the end every preparation must still find its way to the archive.
"""

import random
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from groups import access
from groups.access import Action, Refused
from groups.models import Appointment
from groups.viewer import Viewer, viewer_for
from lessons.prep.models import Draft, Preparation, Remark, Transition
from lessons.prep.views.steps import step as step_view
from tests.access import oracle
from tests.factories import preps
from tests.factories.preps import Circle
from tests.factories.shelf import build
from tests.factories.town import Town

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

STEPS = 50_000
EACH_MATRIX = 100
PER_LIFE = 120
PEOPLE = (
    "organiser", "lead", "member", "colleague", "approver", "expert", "observer", "leader", "outsider", "group_admin",
)  # fmt: skip
MEMBERS = frozenset({"organiser", "lead", "member", "colleague"})
BEFORE_SETTLED = ("planned", "drafting", "discussing", "for_approval")
RUNNING = (*BEFORE_SETTLED, "settled", "in_use", "recapping")
ACTIONS = {
    "claim": "claim", "assign": "assign_lead", "submit": "submit_draft", "draft": "new_draft",
    "send": "send_for_approval", "approve": "approve", "return": "return", "hand-down": "hand_down",
    "revise": "revise", "recap": "recap", "archive": "archive", "cancel": "cancel", "extend": "extend_deadline",
    "lead": "change_lead", "add": "add_member", "approver": "change_approver", "conclude": "conclude",
}  # fmt: skip
ONWARD = {
    "planned": ("claim", "assign"), "drafting": ("submit",), "discussing": ("send", "draft"),
    "for_approval": ("approve",), "settled": ("hand-down",), "in_use": ("recap",), "recapping": ("archive",),
}  # fmt: skip


@dataclass
class Shadow:
    """What the walk believes of one preparation."""

    row: Preparation
    state: str = "planned"
    moves: int = 1
    lead: str = ""
    approver: str = "approver"
    members: set[str] = field(default_factory=set)
    observers: set[str] = field(default_factory=lambda: {"observer"})
    recipients: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    written: bool = False
    changed: bool = False
    drafts: int = 0
    open: int = 0
    spoken: set[str] = field(default_factory=set)
    archived_for: str = ""

    def held(self, name: str, action: str) -> set[str]:
        here = name not in self.gone and name not in ("outsider", "expert")
        early = action in ("cancel", "change_approver")
        found = {
            "organiser": name == "organiser" and here and (not early or self.state in BEFORE_SETTLED),
            "lead": name == self.lead and here,
            "prep_member": here
            and (name in self.members if self.state != "planned" else name in MEMBERS and not self.lead),
            "expert": name == "expert",
            "observer": name in self.observers,
            "approver": name == self.approver and here and name != self.lead,
            "school_leader": name == "leader" and here,
            "group_admin": name == "group_admin",
            "recipient": name in self.recipients and (here or name == "outsider"),
        }
        return {relation for relation, holds in found.items() if holds}

    def may(self, name: str, action: str) -> bool:
        nobody: frozenset[str] = frozenset()
        allowed = oracle.POLICY.get(("prep", self.state, action), nobody)
        allowed |= oracle.POLICY.get(("prep", "any", action), nobody)
        if "as_read_of_its_state" in allowed:
            return self.may(name, "read")
        return bool(self.held(name, action) & allowed)


class Walk:
    """One walk over many lives."""

    def __init__(self, circle: Circle, seed: int) -> None:
        self.circle, self.dice = circle, random.Random(seed)
        self.wrong: list[str] = []
        self.counts = dict.fromkeys(("steps", "taken", "refused", "stale", "guarded", "doubled", "rows", "lives"), 0)
        self.viewers: dict[str, Viewer] = {}
        self.factory = RequestFactory()
        self.serial = 0
        self.shadow = self.new_life()

    def new_life(self) -> Shadow:
        Appointment.objects.filter(ends_at__isnull=False).update(ends_at=None)
        self.viewers.clear()
        self.counts["lives"] += 1
        return Shadow(self.circle.plan(quorum=40))

    def viewer(self, name: str) -> Viewer:
        if name not in self.viewers:
            self.viewers[name] = viewer_for(self.circle.people[name], timezone.now())
        return self.viewers[name]

    # the post

    def post(self, name: str, step: str, seen: int | None, told: dict[str, Any]) -> int:
        request = self.factory.post("/", {**told, **({} if seen is None else {"seen": seen})})
        request.user = self.circle.people[name]
        request.viewer = self.viewer(name)  # type: ignore[attr-defined]
        request.session = SessionBase()
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        answer: HttpResponse = step_view(request, self.shadow.row.uid, step)
        return answer.status_code

    def told(self, step: str) -> dict[str, Any]:
        people, town = self.circle.people, self.circle.shelf.town
        some = self.dice.choice(("lead", "member", "colleague", "approver", "observer"))
        self.chosen = some
        today = timezone.localdate()
        told: dict[str, dict[str, Any]] = {
            "claim": {},
            "assign": {"lead": people[some].uid},
            "lead": {"lead": people[some].uid, "reason": "换一位接着写"},
            "approver": {"approver": people[some].uid},
            "return": {"reason": "再想想"},
            "cancel": {"reason": "不备了"},
            "extend": {"discussing": today + timedelta(days=self.dice.randrange(1, 20))},
            "add": {"role": "observer", "who": people["outsider"].name},
            "hand-down": {"schools": [town.lead.uid, town.member.uid], "people": ""},
            "revise": {"reason": "改了导入"},
            "recap": {"summary": "都上过了"},
            "archive": {"audience": "circle"},
            "conclude": {"conclusion": "好"},
        }
        return told.get(step, {"note": ""})

    # what must come out

    def guard(self, step: str) -> bool:
        """The facts let the step happen, the rule aside."""
        s = self.shadow
        fits = s.lead != self.chosen
        guards = {
            "claim": True,
            "assign": self.chosen != s.approver,
            "lead": fits and self.chosen != s.approver and self.chosen not in s.gone,
            "approver": fits and self.chosen not in s.gone,
            "submit": s.written,
            "draft": s.written and not s.open and s.changed,
            "send": not s.open and not s.changed and self.enough(),
            "hand-down": "lead" not in s.recipients,
            "revise": s.changed,
            "add": "outsider" not in s.observers,
            "archive": s.state != "archived",
            "conclude": False,
        }
        return guards.get(step, True)

    def enough(self) -> bool:
        s = self.shadow
        counted = s.members - (s.gone - s.spoken)
        return len(s.spoken & counted) * 100 >= len(counted) * 40

    def apply(self, name: str, step: str) -> None:
        s = self.shadow
        s.moves += 1
        after = {
            "claim": "drafting", "assign": "drafting", "submit": "discussing", "send": "for_approval",
            "approve": "settled", "return": "discussing", "hand-down": "in_use", "recap": "recapping",
            "archive": "archived", "cancel": "cancelled",
        }  # fmt: skip
        if step in ("claim", "assign"):
            s.lead = name if step == "claim" else self.chosen
            s.members = set(MEMBERS) - {s.lead}
            s.observers -= {s.lead}
        elif step == "lead":
            s.members = (s.members | {s.lead}) - {self.chosen}
            s.lead = self.chosen
            s.observers -= {s.lead}
        elif step == "approver":
            s.approver = self.chosen
        elif step == "add":
            s.observers.add("outsider")
        elif step in ("submit", "draft"):
            s.drafts, s.changed = s.drafts + 1, False
        elif step in ("revise", "approve"):
            s.changed = False
        elif step == "hand-down":
            s.recipients = {
                "organiser",
                "lead",
                "member",
                "colleague",
                "observer",
                "leader",
                "approver",
            } & self.takers()
        s.state = after.get(step, s.state)

    def takers(self) -> set[str]:
        placed = self.shadow.members | self.shadow.observers | {self.shadow.lead, "lead", "member", "colleague"}
        return (placed - {"outsider"}) - self.shadow.gone

    # one step

    def step(self) -> None:
        self.counts["steps"] += 1
        self.circle.shelf.town.now = timezone.now()
        if self.counts["steps"] % PER_LIFE == 0 or self.shadow.state in ("cancelled",):
            self.finish()
            self.shadow = self.new_life()
            return
        dice = self.dice.random()
        if dice < 0.12:
            self.write()
        elif dice < 0.24:
            self.talk()
        elif dice < 0.26:
            self.leave()
        else:
            self.try_step(self.pick_step(), self.dice.choice(PEOPLE))

    def pick_step(self) -> str:
        likely = ONWARD.get(self.shadow.state, ())
        if likely and self.dice.random() < 0.45:
            return self.dice.choice(likely)
        rare = ("cancel", "archive", "recap")
        step = self.dice.choice(list(ACTIONS))
        return step if step not in rare or self.dice.random() < 0.2 else self.pick_step()

    def try_step(self, step: str, name: str, fresh: bool = False) -> bool:
        s, told = self.shadow, self.told(step)
        how = "fresh" if fresh else self.dice.choice(("fresh", "fresh", "fresh", "stale", "none"))
        seen = {"fresh": s.moves, "stale": max(1, s.moves - self.dice.randrange(1, 4)), "none": None}[how]
        up_to_date = seen is None or seen == s.moves
        allowed = s.may(name, ACTIONS[step])
        reads = s.may(name, "read")
        happens = allowed and up_to_date and reads and self.guard(step)
        status = self.post(name, step, seen, told)
        if happens:
            self.apply(name, step)
        self.count(happens, up_to_date, allowed)
        self.compare(f"{name} {step} {how} in {s.state} → {status}")
        if happens and status != 302:
            self.wrong.append(f"{name} {step} should have happened and was answered {status}")
        if not happens and allowed and not reads and status != 403:
            self.wrong.append(f"{name} {step} without reading was answered {status}")
        if how != "none" and self.dice.random() < 0.3:
            self.counts["doubled"] += 1
            self.post(name, step, seen, told) if happens else None
            self.compare(f"{name} {step} sent twice in {s.state}")
        return happens

    def count(self, happens: bool, up_to_date: bool, allowed: bool) -> None:
        kind = "taken" if happens else "stale" if not up_to_date else "guarded" if allowed else "refused"
        self.counts[kind] += 1

    def compare(self, deed: str) -> None:
        s = self.shadow
        row = Preparation.objects.get(pk=s.row.pk)
        there = (row.state, row.moves)
        if there != (s.state, s.moves):
            self.wrong.append(f"{deed}: stands at {there}, should be {(s.state, s.moves)}")
            s.state, s.moves = there
        if Transition.objects.filter(preparation=row).count() != row.moves:
            self.wrong.append(f"{deed}: the history has not one row a move")
        if Draft.objects.filter(preparation=row).count() != s.drafts:
            self.wrong.append(f"{deed}: drafts doubled or lost")
            s.drafts = Draft.objects.filter(preparation=row).count()
        s.row = row

    # text, talk, people who go

    def write(self, name: str = "", surely: bool = False) -> None:
        s = self.shadow
        if s.row.resource_id is None:
            return
        name = name or self.dice.choice((s.lead, *PEOPLE))
        allowed = s.may(name, "edit_draft") or s.may(name, "revise")
        if s.state == "archived":
            allowed = False
        self.serial += 1
        try:
            self.circle.write(Preparation.objects.get(pk=s.row.pk), f"写过的第 {self.serial} 遍", by=name)
        except Refused:
            if allowed:
                self.wrong.append(f"{name} may write in {s.state} and was refused")
            return
        if not allowed:
            self.wrong.append(f"{name} wrote in {s.state}")
        s.written = s.changed = True

    def talk(self) -> None:
        s = self.shadow
        name = self.dice.choice(PEOPLE)
        if s.open and self.dice.random() < 0.6:
            self.dispose_all()
            return
        allowed = s.may(name, "comment")
        try:
            self.circle.say(s.row, by=name, words=f"第 {self.counts['steps']} 句")
        except Refused:
            if allowed:
                self.wrong.append(f"{name} may comment in {s.state} and was refused")
            return
        if not allowed:
            self.wrong.append(f"{name} commented in {s.state}")
        s.open += 1
        s.spoken.add(name)

    def dispose_all(self) -> None:
        from lessons.prep.remarks import disposing

        s = self.shadow
        if not s.may(s.lead, "dispose_comment"):
            return
        for remark in Remark.objects.filter(preparation=s.row, disposition=""):
            disposing.dispose(
                remark=remark, by=self.circle.people[s.lead], disposition="resolved", reason="", at=timezone.now()
            )
        s.open = 0

    def leave(self) -> None:
        """The lead, or the approver, leaves every place in the group."""
        s = self.shadow
        name = self.dice.choice((s.lead, s.approver))
        if s.state not in ("drafting", "discussing", "for_approval", "in_use") or name in (*s.gone, "", "organiser"):
            return
        Appointment.objects.filter(person=self.circle.people[name]).update(
            ends_at=timezone.now() - timedelta(seconds=1)
        )
        s.gone.add(name)
        self.viewers.pop(name, None)
        self.circle.shelf.town.now = timezone.now()

    # the ends

    def finish(self) -> None:
        """Nothing is stuck: from wherever it stands, those whose step it is bring it to the archive."""
        for _ in range(40):
            s = self.shadow
            self.circle.shelf.town.now = timezone.now()
            if s.state not in RUNNING:
                break
            self.onward()
        if self.shadow.state not in ("archived", "cancelled"):
            self.wrong.append(f"stuck in {self.shadow.state}")
        self.matrix()

    def onward(self) -> None:
        s = self.shadow
        if s.lead in s.gone and s.may("organiser", "change_lead"):
            self.replace("lead")
        elif s.approver in s.gone and s.may("organiser", "change_approver"):
            self.replace("approver")
        elif s.state == "drafting" and not s.written:
            self.write(s.lead)
        elif s.state == "discussing" and (s.open or not self.enough()):
            self.speak()
        else:
            step = "draft" if s.state == "discussing" and s.changed else ONWARD[s.state][0]
            able = [name for name in PEOPLE if s.may(name, ACTIONS[step])]
            if step == "claim":
                able = [name for name in able if name != s.approver]
            self.try_step(step, self.dice.choice(able), fresh=True) if able else None

    def replace(self, step: str) -> None:
        for name in ("colleague", "member", "observer", "leader"):
            if name not in (*self.shadow.gone, self.shadow.lead, self.shadow.approver):
                self.pick = name
                break
        told = {step: self.circle.people[self.pick].uid, "reason": "接着做"}
        self.chosen = self.pick
        if self.post("organiser", step, self.shadow.moves, told) == 302:
            self.apply("organiser", step)
        self.compare(f"organiser replaces the {step}")

    def speak(self) -> None:
        for name in sorted(self.shadow.members - self.shadow.gone - self.shadow.spoken):
            self.circle.say(self.shadow.row, by=name)
            self.shadow.spoken.add(name)
            self.shadow.open += 1
        self.dispose_all()

    def matrix(self) -> None:
        """Every row of the policy, everybody, of the preparation and of its plan."""
        s = self.shadow
        row = Preparation.objects.get(pk=s.row.pk)
        plan = row.resource if row.resource and row.resource.state == "draft" else None
        for name in PEOPLE:
            viewer = viewer_for(self.circle.people[name], timezone.now())
            held = access.relations_of(viewer, row)
            for action in oracle.actions_of("prep"):
                self.counts["rows"] += 1
                if bool(access.verdict_of(held, viewer, Action(action), row)) != s.may(name, action):
                    self.wrong.append(f"row: {name} {action} in {s.state}, the document says {s.may(name, action)}")
            if plan is not None:
                self.counts["rows"] += 2
                reads = bool(access.may(viewer, Action.READ, plan))
                writes = bool(access.may(viewer, Action.EDIT, plan))
                if (reads, writes) != (s.may(name, "read"), s.may(name, "edit_draft") or s.may(name, "revise")):
                    self.wrong.append(f"plan: {name} in {s.state} reads {reads}, writes {writes}")


def test_a_long_walk_of_every_relation_finds_no_illegal_no_stuck_and_no_doubled_step(town: Town, scale: float) -> None:
    circle = preps.build(build(town))
    from tests.factories import people

    circle.people["group_admin"] = people.person("梁承志")
    people.post(circle.people["group_admin"], town.group, "admin", "seat")
    walk = Walk(circle, seed=7)
    for number in range(int(STEPS * scale)):
        walk.step()
        if number % EACH_MATRIX == 0:
            walk.matrix()
        assert len(walk.wrong) < 20, "\n".join(walk.wrong)
    walk.finish()
    sys.stdout.write(f"\nprep walk: {walk.counts}, {len(walk.wrong)} wrong\n")
    assert not walk.wrong, "\n".join(walk.wrong)
