"""Generations of the index: built apart, killed anywhere and gone on with, fed with edits, verified, promoted, gone back."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from search import crew, engines, generations, indexer, worker
from search.engines.tantivy import TantivyEngine
from search.models import Generation, OutboxRow
from search.ports import Engine, EngineDown, Query
from tests.search.world import Shelf

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """What no handler sees: kill -9."""


@pytest.fixture
def disk(settings: Settings, tmp_path: Path) -> Iterator[Engine]:
    settings.SEARCH_ENGINE, settings.SEARCH_INDEX_DIR, settings.VAR_DIR = "tantivy", tmp_path / "index", tmp_path
    engines.forget()
    yield engines.current()
    engines.forget()


@pytest.fixture
def filled(shelf: Shelf, disk: Engine) -> Engine:
    for number in range(5):
        shelf.put(f"n{number}", f"第{number}课")
    worker.drain()
    generations.note_live(disk, timezone.now())
    return disk


def titles(engine: Engine) -> list[str]:
    return sorted(hit.entry.title for hit in engine.search(Query(limit=100)).hits)


def drain_live(engine: Engine) -> None:
    while indexer.drain_once(engine, timezone.now()):
        pass


def test_a_rebuild_answers_with_a_new_generation_and_keeps_the_old_one(shelf: Shelf, filled: Engine) -> None:
    before = filled.live()
    row = generations.build(filled)
    assert (row.state, row.documents, filled.live()) == ("live", 5, row.name)
    assert titles(filled) == [f"第{number}课" for number in range(5)]
    assert list(filled.generations()) == [before, row.name]
    third = generations.build(filled)
    assert list(filled.generations()) == [row.name, third.name]
    assert list(Generation.objects.order_by("pk").values_list("state", flat=True)) == ["kept", "live"]


def test_what_is_edited_while_a_generation_is_built_is_in_it(
    shelf: Shelf, filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = generations._verify

    def edited(staged, found):  # type: ignore[no-untyped-def]
        shelf.put("n1", "改过的课")
        shelf.remove("n2")
        shelf.put("new", "新的课")
        drain_live(filled)
        return real(staged, found)

    monkeypatch.setattr(generations, "_verify", edited)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generations, "clean", lambda engine: [])
        generations.build(filled)
    drain_live(filled)
    assert titles(filled) == ["改过的课", "新的课", "第0课", "第3课", "第4课"]
    assert not OutboxRow.objects.filter(feed=True).exists()


def test_what_the_worker_wrote_before_the_end_is_caught_up_before_the_promotion(
    shelf: Shelf, filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = generations._fill

    def edited(staged, processes, progress):  # type: ignore[no-untyped-def]
        found = real(staged, processes, progress)
        shelf.put("n1", "改过的课")
        shelf.remove("n2")
        drain_live(filled)
        assert OutboxRow.objects.filter(feed=True).count() == 2
        return found

    monkeypatch.setattr(generations, "_fill", edited)
    generations.build(filled)
    assert titles(filled) == ["改过的课", "第0课", "第3课", "第4课"]


@pytest.mark.parametrize("step", ["_fill", "_catch_up", "_verify", "note_live", "clean"])
def test_killed_at_any_step_the_next_rebuild_goes_on(
    step: str, shelf: Shelf, filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*given: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generations, step, killed)
        with pytest.raises(Killed):
            generations.build(filled)
    assert len(titles(filled)) == 5
    shelf.put("n1", "改过的课")
    shelf.put("new", "新的课")
    drain_live(filled)
    row = generations.build(filled)
    drain_live(filled)
    assert titles(filled) == ["改过的课", "新的课", "第0课", "第2课", "第3课", "第4课"]
    assert filled.live() == row.name
    assert Generation.objects.filter(state="staged").count() == 0


def test_killed_between_pieces_only_the_rest_is_written(
    shelf: Shelf, filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "CHUNK", 1)
    monkeypatch.setattr("search.engines.tantivy.LOAD_COMMIT", 1)
    asked: list[str] = []

    def piece(task: crew.Task) -> crew.Piece:
        if len(asked) == 3:
            raise Killed
        asked.extend(task[1])
        return real(task)

    real = crew.piece
    monkeypatch.setattr(crew, "piece", piece)
    with pytest.raises(Killed):
        generations.build(filled)
    assert asked == ["n0", "n1", "n2"]
    monkeypatch.setattr(crew, "piece", real)
    shelf.loads.clear()
    generations.build(filled)
    assert shelf.loads[:2] == [["n3"], ["n4"]]
    assert len(titles(filled)) == 5


def test_a_generation_that_lacks_something_is_not_let_answer(
    shelf: Shelf, filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled.live()
    monkeypatch.setattr(TantivyEngine, "load", lambda self, prepared: iter([{} for _ in prepared][:0]))
    with pytest.raises(generations.NotVerified, match="缺失"):
        generations.build(filled)
    assert (filled.live(), len(titles(filled))) == (before, 5)
    assert "缺失" in Generation.objects.get(state="staged").error


def test_going_back_gives_the_earlier_generation_what_changed_since(shelf: Shelf, filled: Engine) -> None:
    before = filled.live()
    generations.build(filled)
    shelf.put("n1", "改过的课")
    shelf.remove("n2")
    shelf.put("new", "新的课")
    drain_live(filled)
    assert generations.roll_back(filled).name == before
    assert filled.live() == before
    assert titles(filled) == ["改过的课", "新的课", "第0课", "第3课", "第4课"]


def test_without_an_earlier_generation_there_is_no_going_back(shelf: Shelf, filled: Engine) -> None:
    with pytest.raises(CommandError, match="没有可以退回的"):
        call_command("search_rollback", stdout=StringIO())


def test_a_staged_generation_of_another_schema_is_thrown_away(shelf: Shelf, filled: Engine) -> None:
    Generation.objects.create(name="0123456789ab-000009", started_at=timezone.now())
    filled.at("0123456789ab-000009").create()
    generations.build(filled)
    assert "0123456789ab-000009" not in filled.generations()


def test_several_processes_prepare_as_one_does(shelf: Shelf) -> None:
    pieces = [("thing", [f"n{number}"]) for number in range(6)]
    for number in range(6):
        shelf.put(f"n{number}", f"第{number}课")
    with crew.working(1) as prepare:
        alone = [piece.prepared[0].body for piece in prepare(pieces)]
    assert [one.count("课") > 0 for one in alone] == [True] * 6


def test_a_document_that_breaks_the_preparation_is_named_and_the_others_are_built(shelf: Shelf, filled: Engine) -> None:
    shelf.broken.add("n3")
    out = StringIO()
    with pytest.raises(CommandError, match="1 个文档没有写进索引"):
        call_command("search_rebuild", "--processes", "1", stdout=out)
    assert "第3课" not in titles(filled)
    assert len(titles(filled)) == 4
    assert "cannot be read" in OutboxRow.objects.get(uid="n3").error


def test_only_one_rebuild_runs_at_a_time(shelf: Shelf, filled: Engine, tmp_path: Path) -> None:
    with worker.lock(tmp_path / "rebuild.lock"), pytest.raises(CommandError, match="另一次重建"):
        call_command("search_rebuild", stdout=StringIO())


def test_the_progress_bar_tells_speed_and_what_is_left(shelf: Shelf, filled: Engine) -> None:
    out = StringIO()
    call_command("search_rebuild", "--processes", "1", stdout=out)
    assert "5/5" in out.getvalue()
    assert "documents/s" in out.getvalue()
    assert "answers now: 5 documents" in out.getvalue()


def test_while_the_engine_is_down_a_rebuild_says_how_to_go_on(
    shelf: Shelf, filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Engine) -> None:
        raise EngineDown("no server")

    monkeypatch.setattr(TantivyEngine, "create", refuse)
    with pytest.raises(CommandError, match="会接着做"):
        call_command("search_rebuild", stdout=StringIO())


def test_a_worker_that_starts_notes_which_generation_answers(shelf: Shelf, filled: Engine) -> None:
    assert Generation.objects.get().name == filled.live()
    generations.note_live(filled, timezone.now() + timedelta(days=1))
    assert Generation.objects.count() == 1
