"""The embedded engine keeps the contract, and what only an index on disk can do."""

import shutil

import pytest

from search.engines.tantivy import TantivyEngine
from search.ports import EngineDown, Query
from tests.contract.behaviour import Asking, Make, Writing
from tests.contract.world import entry


@pytest.fixture(scope="class")
def tantivy(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return lambda: TantivyEngine(tmp_path_factory.mktemp("index"))


class TestAsking(Asking):
    @pytest.fixture(scope="class")
    def make(self, tantivy: Make) -> Make:
        return tantivy


class TestWriting(Writing):
    @pytest.fixture(scope="class")
    def make(self, tantivy: Make) -> Make:
        return tantivy


def test_a_reader_sees_what_another_process_wrote(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("shared")
    writer, reader = TantivyEngine(root), TantivyEngine(root)
    writer.create()
    assert reader.search(Query()).total == 0
    writer.write([entry("resource:a", "秋天")])
    assert reader.search(Query()).total == 1
    writer.delete({"resource:a": 2})
    assert reader.search(Query()).total == 0


def test_an_index_survives_the_process(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("kept")
    first = TantivyEngine(root)
    first.create()
    first.write([entry("resource:a", "秋天", version=4)])
    del first
    second = TantivyEngine(root)
    second.write([entry("resource:a", "旧的", version=3)])
    assert second.search(Query(text="秋天")).total == 1


def test_without_an_index_the_engine_is_down(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(EngineDown):
        TantivyEngine(tmp_path_factory.mktemp("nothing")).search(Query())


def test_a_reader_survives_a_rebuild_by_another_process(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("rebuilt")
    writer, reader = TantivyEngine(root), TantivyEngine(root)
    writer.create()
    writer.write([entry("resource:a", "秋天")])
    assert reader.search(Query()).total == 1
    writer.drop()
    with pytest.raises(EngineDown):
        reader.search(Query())
    writer.create()
    writer.write([entry("resource:b", "春天"), entry("resource:c", "夏天")])
    assert reader.search(Query(text="春天")).total == 1


def test_a_writer_whose_directory_was_removed_makes_it_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("removed")
    writer = TantivyEngine(root)
    writer.create()
    writer.write([entry("resource:a", "秋天")])
    shutil.rmtree(writer.path)
    assert not writer.exists()
    writer.create()
    writer.write([entry("resource:a", "春天", version=2)])
    assert TantivyEngine(root).search(Query(text="春天")).total == 1
