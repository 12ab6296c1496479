"""A newer shared plan comes into a teacher's own version: nothing of the teacher's is changed, lost or guessed."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from groups.access import Refused
from groups.inbox.models import Message
from lessons.adaptations.models import Adaptation
from lessons.prep.events import revised
from lessons.prep.models import Preparation
from lessons.prep.services.using import revise
from lessons.updates import services
from lessons.updates.models import Choice, Update
from lessons.updates.services import Undecided
from library.documents import rich, schema
from library.documents.lesson_design import LessonDesignDocument, Stage
from library.documents.schema import DocumentProblem
from library.resources.models import Derivation, VersionFile
from media.services import store_bytes
from tests.factories import adapting
from tests.factories.adapting import document
from tests.factories.shelf import PDF
from tests.updates.conftest import Behind

pytestmark = pytest.mark.django_db
Way = Choice.Way
TEACHER = "stages/k2/teacher"


def stage(text: LessonDesignDocument, key: str, **values: Any) -> LessonDesignDocument:
    return replace(text, stages={**text.stages, key: replace(text.stages[key], **values)})


def words(text: LessonDesignDocument, key: str = "k2") -> str:
    return rich.to_text(text.stages[key].teacher)


def both_changed(behind: Behind) -> Update:
    """The teacher and the lead both rewrote what the teacher does in the second stage; the lead also its minutes."""
    behind.write(document(k2="每人画一个梯形剪下来。", k1="讲校门口的坝"))
    behind.revise(stage(document(k2="每组发 4 个梯形学具，把它变成学过的图形。"), "k2", minutes=22))
    return behind.open()


def test_what_only_the_shared_plan_changed_is_taken_and_the_teachers_own_words_stay(behind: Behind) -> None:
    behind.write(document(k1="讲校门口的坝"))
    newer = behind.revise(stage(document(), "k2", minutes=22))
    update = behind.open()
    assert services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now) == 1
    behind.finish(update)
    assert behind.text().stages["k2"].minutes == 22
    assert words(behind.text(), "k1") == "讲校门口的坝"
    behind.mine.refresh_from_db()
    assert behind.mine.base == newer


def test_opening_an_update_changes_nothing(behind: Behind) -> None:
    both_changed(behind)
    behind.mine.refresh_from_db()
    assert behind.mine.base == behind.shared.version
    assert words(behind.text()) == "每人画一个梯形剪下来。"


def test_nothing_is_merged_while_a_place_is_undecided(behind: Behind) -> None:
    update = both_changed(behind)
    services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
    with pytest.raises(Undecided, match="还有 1 处没有处理"):
        behind.finish(update)
    assert behind.text().stages["k2"].minutes == 20


@pytest.mark.parametrize(
    ("way", "result", "left"),
    [
        (Way.MINE, "每人画一个梯形剪下来。", [("theirs", "每组发 4 个梯形学具，把它变成学过的图形。")]),
        (Way.THEIRS, "每组发 4 个梯形学具，把它变成学过的图形。", [("mine", "每人画一个梯形剪下来。")]),
        (Way.BOTH, "每人画一个梯形剪下来。\n每组发 4 个梯形学具，把它变成学过的图形。", []),
        (
            Way.OWN,
            "每人画一个梯形剪下来。再发学具",
            [("theirs", "每组发 4 个梯形学具，把它变成学过的图形。")],
        ),
    ],
)
def test_a_place_that_both_changed_is_written_as_decided_and_the_other_words_are_kept(
    behind: Behind, way: str, result: str, left: list[tuple[str, str]]
) -> None:
    update = both_changed(behind)
    services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
    value = rich.from_markup("每人画一个梯形剪下来。再发学具") if way == Way.OWN else None
    behind.decide(update, TEACHER, way, value)
    behind.finish(update)
    assert words(behind.text()) == result
    assert [(row.side, rich.to_text(row.value or {})) for row in update.unused.all()] == left


def test_what_was_not_taken_stays_out_and_is_kept_in_the_record(behind: Behind) -> None:
    behind.revise(document(k2="换成小组合作。"))
    update = behind.open()
    behind.decide(update, TEACHER, Way.MINE)
    behind.finish(update)
    assert words(behind.text()) == words(document())
    assert [rich.to_text(row.value or {}) for row in update.unused.all()] == ["换成小组合作。"]


def test_a_stage_that_the_teacher_deleted_and_the_lead_rewrote_comes_back_only_when_asked_for(behind: Behind) -> None:
    mine = document()
    behind.write(replace(mine, stages={key: row for key, row in mine.stages.items() if key != "k2"}))
    behind.revise(document(k2="换成小组合作。"))
    update = behind.open()
    behind.decide(update, "stages/k2", Way.MINE)
    behind.finish(update)
    assert behind.text().stages.keys() == {"k1", "k3"}
    behind.undo(update)
    again = behind.open()
    behind.decide(again, "stages/k2", Way.THEIRS)
    behind.finish(again)
    assert words(behind.text()) == "换成小组合作。"


def test_undo_gives_back_text_title_files_and_base(behind: Behind) -> None:
    update = both_changed(behind)
    before = behind.copy()
    held = list(before.attachments.values_list("file", "purpose"))
    file = store_bytes(content=PDF, name="新图.pdf", by=behind.shared.person("colleague"))
    VersionFile.objects.create(version=update.theirs, file=file)
    services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
    behind.decide(update, TEACHER, Way.THEIRS)
    behind.finish(update)
    assert list(behind.copy().attachments.values_list("file", flat=True)) == [file.pk]
    behind.undo(update)
    after = behind.copy()
    assert (after.document, after.title) == (before.document, before.title)
    assert list(after.attachments.values_list("file", "purpose")) == held
    behind.mine.refresh_from_db()
    assert behind.mine.base == behind.shared.version
    assert behind.open().pk != update.pk


def test_undo_keeps_what_was_written_after_the_merge(behind: Behind) -> None:
    update = both_changed(behind)
    services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
    behind.decide(update, TEACHER, Way.THEIRS)
    behind.finish(update)
    behind.write(stage(behind.text(), "k3", title="练一练"))
    behind.undo(update)
    assert behind.text().stages["k3"].title == "练一练"
    assert words(behind.text()) == "每人画一个梯形剪下来。"


def test_undo_over_later_edits_of_the_same_place_is_refused_with_the_place(behind: Behind) -> None:
    update = both_changed(behind)
    services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
    behind.decide(update, TEACHER, Way.THEIRS)
    behind.finish(update)
    behind.write(stage(behind.text(), "k2", teacher=rich.from_markup("后来又改的")))
    with pytest.raises(Refused, match="环节2 教师活动"):
        behind.undo(update)
    assert words(behind.text()) == "后来又改的"


def test_a_decision_counts_no_more_when_the_teacher_wrote_on(behind: Behind) -> None:
    update = both_changed(behind)
    services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
    behind.decide(update, TEACHER, Way.THEIRS)
    behind.write(stage(behind.text(), "k2", teacher=rich.from_markup("又想了一个办法")))
    with pytest.raises(Undecided):
        behind.finish(update)
    assert words(behind.text()) == "又想了一个办法"


def test_two_numbers_cannot_both_stand(behind: Behind) -> None:
    behind.write(stage(document(), "k2", minutes=18))
    behind.revise(stage(document(), "k2", minutes=22))
    with pytest.raises(DocumentProblem, match="只能留一边"):
        behind.decide(behind.open(), "stages/k2/minutes", Way.BOTH)


def test_own_words_that_the_field_refuses_are_not_kept(behind: Behind) -> None:
    update = both_changed(behind)
    with pytest.raises(DocumentProblem):
        behind.decide(update, TEACHER, Way.OWN, {"type": "doc", "content": [{"type": "script"}]})
    assert not update.choices.exists()


def test_never_is_remembered_and_taken_back(behind: Behind) -> None:
    update = both_changed(behind)
    services.never(update=update, by=behind.teacher, on=True, at=behind.shared.town.now)
    assert behind.open() == update
    services.never(update=update, by=behind.teacher, on=False, at=behind.shared.town.now)
    update.refresh_from_db()
    assert update.state == Update.State.OPEN


@pytest.mark.parametrize("who", ["colleague", "leader", "recipient", "system_admin"])
def test_only_the_teacher_merges_into_the_own_version(behind: Behind, who: str) -> None:
    update, person, at = both_changed(behind), behind.shared.person(who), behind.shared.town.now
    with pytest.raises(Refused):
        services.open_update(adaptation=behind.mine, by=person, at=at)
    with pytest.raises(Refused):
        services.decide(update=update, by=person, key=TEACHER, way=Way.THEIRS, at=at)
    with pytest.raises(Refused):
        services.take_all(update=update, by=person, at=at)
    with pytest.raises(Refused):
        services.finish(update=update, by=person, at=at)
    with pytest.raises(Refused):
        services.undo(update=update, by=person, at=at)


def test_a_finished_merge_is_not_finished_twice(behind: Behind) -> None:
    behind.revise(stage(document(), "k2", minutes=22))
    update = behind.open()
    services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
    behind.finish(update)
    with pytest.raises(Refused, match="已合并"):
        behind.finish(update)
    behind.undo(update)
    with pytest.raises(Refused, match="不能再撤销"):
        behind.undo(update)


def test_without_a_newer_plan_there_is_nothing_to_merge(behind: Behind) -> None:
    with pytest.raises(Refused, match="没有比你这份更新的版本"):
        behind.open()


def test_an_update_skipped_over_brings_all_that_came_since_the_base(behind: Behind) -> None:
    behind.revise(stage(document(), "k2", minutes=22))
    behind.revise(
        replace(
            stage(document(), "k2", minutes=22), stages={**document().stages, "k4": Stage(order="D", title="小结")}
        ),
        "v1.2",
    )
    update = behind.open()
    assert {place.key for place in services.weave_of(update).places} == {"stages/k4"}


def test_everybody_behind_is_told_once_but_not_the_one_who_revised(behind: Behind) -> None:
    version = behind.revise(stage(document(), "k2", minutes=22), reason="探究多给 2 分钟")
    lead = behind.shared.person("colleague")
    preparation = Preparation.objects.get(pk=behind.shared.preparation.pk)
    revised.send(
        Preparation,
        preparation=preparation,
        before=behind.shared.version,
        version=version,
        by=lead,
        at=behind.shared.town.now,
    )
    told = Message.objects.filter(url="/my/updates/")
    assert [(one.recipient, one.words) for one in told] == [
        (behind.teacher, "{thing}的共案更新到 v1.1：探究多给 2 分钟")
    ]


def _revise(behind: Behind) -> list[tuple[str, str]]:
    """The lead writes and revises; who was told, and where it leads."""
    shared = behind.shared
    adapting.write(shared.resource, shared.person("colleague"), document(k2="每组发 4 个学具。"), shared.town.now)
    revise(preparation=shared.preparation, by=shared.person("colleague"), at=shared.town.now, reason="学具改成 4 个")
    told = Message.objects.filter(words__contains="学具改成 4 个", thing="prep")
    return sorted(told.values_list("recipient__name", "url"))


def test_who_was_handed_it_and_received_it_is_told_once(behind: Behind) -> None:
    behind.shared.received("recipient")
    told = _revise(behind)
    assert told == sorted((name, "/my/updates/") for name in (behind.teacher.name, "蔡青"))


def test_who_was_handed_it_and_did_not_receive_it_is_told_too(behind: Behind) -> None:
    assert ("蔡青", "") in _revise(behind)


@pytest.mark.parametrize("receives", [True, False])
def test_who_has_left_hears_nothing_of_the_revision(behind: Behind, receives: bool) -> None:
    shared = behind.shared
    if receives:
        shared.received("recipient")
    shared.person("recipient").appointments.update(ends_at=shared.town.now - timedelta(minutes=5))
    behind.teacher.appointments.update(ends_at=shared.town.now - timedelta(minutes=5))
    assert _revise(behind) == []


def test_every_merge_is_in_the_line_of_the_own_version(behind: Behind) -> None:
    versions = [behind.shared.version]
    for minutes, label in ((22, "v1.1"), (24, "v1.2")):
        versions.append(behind.revise(stage(document(), "k2", minutes=minutes), label))
        update = behind.open()
        services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
        behind.finish(update)
    line = list(behind.mine.updates.order_by("pk").values_list("base", "theirs"))
    assert line == [(a.pk, b.pk) for a, b in pairwise(versions)]
    assert Adaptation.objects.get(pk=behind.mine.pk).base == versions[-1]
    assert Derivation.objects.get(resource=behind.mine.resource_id).source_version == versions[-1]
    assert set(behind.teacher.receipts.values_list("version", flat=True)) == {version.pk for version in versions}
    assert schema.dump(behind.text())["stages"]["k2"]["minutes"] == 24
