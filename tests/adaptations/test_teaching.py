"""备好、授课、反思: the state follows from the records, a class is recorded once, numbers stay in their ranges."""

from datetime import timedelta

import pytest
from django.utils import timezone

from groups.access import Refused
from lessons.adaptations import services
from lessons.adaptations.models import Adaptation, TaughtLesson
from library.documents import schema
from library.documents.lesson_design import LessonDesignDocument
from library.resources.models import UsageEvent
from tests.factories.adapting import Shared, document


def teach(
    shared: Shared, mine: Adaptation, class_name: str = "五(2)班", period: int = 2, **more: object
) -> TaughtLesson:
    told = {"date": timezone.localdate(shared.town.now), "minutes": {}} | more
    return services.teach(
        adaptation=mine,
        by=mine.teacher,
        class_name=class_name,
        period=period,
        at=shared.town.now,
        **told,  # type: ignore[arg-type]
    )


def reflect(shared: Shared, lesson: TaughtLesson, **told: object) -> TaughtLesson:
    said = {"achieved": {}, "minutes": {}, "highlights": "孩子自己想到剪一刀"} | told
    reflection = services.Reflection(**said)  # type: ignore[arg-type]
    return services.reflect(lesson=lesson, by=lesson.adaptation.teacher, reflection=reflection, at=shared.town.now)


def state(mine: Adaptation) -> str:
    return Adaptation.objects.get(pk=mine.pk).state


def test_a_plan_goes_from_draft_to_ready_to_taught_to_reflected(shared: Shared) -> None:
    mine = shared.received()
    assert state(mine) == "draft"
    services.mark_ready(adaptation=mine, by=mine.teacher, at=shared.town.now)
    assert state(mine) == "ready"
    lesson = teach(shared, mine, minutes={"k2": 23})
    assert state(mine) == "taught"
    reflect(shared, lesson, achieved={"o1": 4})
    assert state(mine) == "reflected"
    assert UsageEvent.objects.filter(what="taught", resource=shared.resource).exists()


def test_another_class_waits_for_a_reflection_of_its_own(shared: Shared) -> None:
    mine = shared.ready()
    reflect(shared, teach(shared, mine))
    second = teach(shared, mine, "五(4)班", 4)
    assert state(mine) == "taught"
    services.forget_lesson(lesson=second, by=mine.teacher, at=shared.town.now)
    assert state(mine) == "reflected"


def test_a_draft_is_not_taught(shared: Shared) -> None:
    with pytest.raises(Refused, match="还是草稿。先点“备好了”"):
        teach(shared, shared.received())


def test_what_is_empty_is_not_ready_and_the_sections_are_named(shared: Shared) -> None:
    mine = shared.received()
    short = schema.dump(document())
    del short["board"], short["homework"]
    shared.edited(mine, schema.load(LessonDesignDocument, short))
    with pytest.raises(Refused, match="板书设计、作业设计还空着"):
        services.mark_ready(adaptation=mine, by=mine.teacher, at=shared.town.now)
    assert state(mine) == "draft"


def test_the_first_time_it_was_ready_counts_and_the_newest_text_is_read(shared: Shared) -> None:
    mine = shared.ready()
    first = mine.ready_version
    shared.edited(mine, document(k1="从水渠说起"))
    again = services.mark_ready(adaptation=mine, by=mine.teacher, at=shared.later(hours=3))
    assert again.ready_at == shared.town.now
    assert again.ready_version != first


def test_a_lesson_is_recorded_once(shared: Shared) -> None:
    mine = shared.ready()
    teach(shared, mine)
    with pytest.raises(Refused, match=r"五\(2\)班 .*第2节已经记过了"):
        teach(shared, mine)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"class_name": "  "}, "班级还没填"),
        ({"period": 0}, "节次要在第1节到第12节之间"),
        ({"date": timezone.localdate() + timedelta(days=2)}, "还没到，上完课再来记"),
        ({"minutes": {"k2": 300}}, "用时要在 0 到 120 之间，你填的是 300"),
        ({"minutes": {"没有的环节": 5}}, "不在这份教案里"),
    ],
)
def test_what_cannot_be_is_refused_in_words(shared: Shared, told: dict[str, object], sentence: str) -> None:
    mine = shared.ready()
    with pytest.raises(Refused, match=sentence):
        teach(shared, mine, **told)  # type: ignore[arg-type]
    assert not TaughtLesson.objects.exists()


def test_a_reflection_says_something_and_stays_in_its_range(shared: Shared) -> None:
    lesson = teach(shared, shared.ready())
    with pytest.raises(Refused, match="反思还是空的"):
        reflect(shared, lesson, highlights=" ")
    with pytest.raises(Refused, match="目标达成要在 1 到 5 之间，你填的是 6"):
        reflect(shared, lesson, achieved={"o1": 6})
    assert state(lesson.adaptation) == "taught"


def test_a_reflection_is_kept_when_somebody_wants_the_lesson_gone(shared: Shared) -> None:
    lesson = reflect(shared, teach(shared, shared.ready()))
    with pytest.raises(Refused, match="已经写了反思，不能删"):
        services.forget_lesson(lesson=lesson, by=lesson.adaptation.teacher, at=shared.town.now)


def test_nobody_else_makes_it_ready_or_teaches_from_it(shared: Shared) -> None:
    mine = shared.ready()
    for deed in (
        lambda: services.mark_ready(adaptation=mine, by=shared.person("colleague"), at=shared.town.now),
        lambda: services.share_with_group(adaptation=mine, by=shared.person("leader"), on=True, at=shared.town.now),
    ):
        with pytest.raises(Refused):
            deed()
