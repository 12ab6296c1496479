"""What does not fit in a plan, in sentences (冲突). Nothing is refused for it: the organiser decides."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from lessons.plans.circles import DayOff
from lessons.plans.models import PlanRow, weeks_in_words


@dataclass(frozen=True, slots=True)
class Conflict:
    """A sentence, and the rows of the plan that it is about; of the plan as a whole there are none."""

    words: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the plan is held against.

    Attributes:
        teaching: the term's teaching weeks.
        unit_of: node → its unit.
        seated: ids of those who have a seat in the prep group now.
        other_books: school → the book that it uses instead of the plan's.
        days_off: weeks in which a school, by its own calendar, has no lessons.
        elsewhere: node → where the same lesson is being prepared besides this plan.
    """

    teaching: Collection[int]
    unit_of: Mapping[int, int]
    seated: Collection[int]
    other_books: Mapping[str, str]
    days_off: Sequence[DayOff]
    elsewhere: Mapping[int, str]


def find(rows: Sequence[PlanRow], around: Surroundings) -> list[Conflict]:
    return [
        *_other_books(around),
        *_twice(rows),
        *_without_lessons(rows, around),
        *_days_off(rows, around),
        *_two_units(rows, around),
        *_gone(rows, around),
        *_elsewhere(rows, around),
    ]


def _other_books(around: Surroundings) -> Iterator[Conflict]:
    for school, book in around.other_books.items():
        yield Conflict(f"{school}用的是{book}，和这份计划的教材不同，接收共案前要自己对一对课题")


def _twice(rows: Iterable[PlanRow]) -> Iterator[Conflict]:
    """The same lesson in two rows, unless they are two parts of it."""
    by_node: dict[int, list[PlanRow]] = defaultdict(list)
    for row in rows:
        by_node[row.node_id].append(row)
    for same in by_node.values():
        for one, other in combinations(same, 2):
            if one.part == other.part or not (one.part and other.part):
                words = f"《{one.node.heading}》排了两次：{one.weeks}和{other.weeks}，请拿掉一次，或拆成两段"
                yield Conflict(words, (one.uid, other.uid))


def _without_lessons(rows: Iterable[PlanRow], around: Surroundings) -> Iterator[Conflict]:
    for row in rows:
        idle = [week for week in range(row.first_week, row.last_week + 1) if week not in around.teaching]
        if idle:
            words = weeks_in_words(idle[0], idle[-1])
            yield Conflict(f"《{row.title}》排在{words}，这时不上课，请挪一周", (row.uid,))


def _days_off(rows: Sequence[PlanRow], around: Surroundings) -> Iterator[Conflict]:
    for off in around.days_off:
        held = tuple(row.uid for row in rows if row.first_week <= off.week <= row.last_week)
        if held:
            yield Conflict(f"第{off.week}周{off.school}不上课（{off.why}），这一周排了 {len(held)} 课", held)


def _two_units(rows: Iterable[PlanRow], around: Surroundings) -> Iterator[Conflict]:
    """A lead with lessons of two units in one week."""
    load: dict[tuple[int, int], list[PlanRow]] = defaultdict(list)
    for row in rows:
        if row.leader:
            for week in range(row.first_week, row.last_week + 1):
                load[row.leader.pk, week].append(row)
    for (_, week), held in load.items():
        if len({around.unit_of.get(row.node_id, row.node_id) for row in held}) > 1 and held[0].leader:
            titles = "、".join(f"《{row.title}》" for row in held)
            yield Conflict(
                f"{held[0].leader.name}第{week}周主备两个单元的课：{titles}，请分一课给别人", tuple(r.uid for r in held)
            )


def _gone(rows: Iterable[PlanRow], around: Surroundings) -> Iterator[Conflict]:
    gone: dict[int, list[PlanRow]] = defaultdict(list)
    for row in rows:
        if row.leader and row.leader.pk not in around.seated:
            gone[row.leader.pk].append(row)
    for held in gone.values():
        name = held[0].leader.name if held[0].leader else ""
        titles = "、".join(f"《{row.title}》" for row in held)
        words = f"{name}已经不在备课组，{titles}要另派主备人；写过的稿子和批注都还在"
        yield Conflict(words, tuple(row.uid for row in held))


def _elsewhere(rows: Iterable[PlanRow], around: Surroundings) -> Iterator[Conflict]:
    for row in rows:
        if row.node_id in around.elsewhere and not row.work:
            words = f"《{row.title}》在{around.elsewhere[row.node_id]}也在备，可以一起备，也可以各备各的"
            yield Conflict(words, (row.uid,))
