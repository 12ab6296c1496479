"""The whole index is built anew while people search and edit: no search fails, no edit is lost."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from search.engines.tantivy import TantivyEngine
from search.ports import Query
from tests.proof.site_of_processes import TRUE, Site

DOCUMENTS = 100_000
SEARCHES, EDITS = 20, 5
"""A second."""


@dataclass
class Searching:
    """Somebody who searches all the time, as a web process does."""

    engine: TantivyEngine
    documents: int
    asked: int = 0
    failed: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        while not self.stop.wait(1 / SEARCHES):
            self.asked += 1
            try:
                total = self.engine.search(Query(text="面积" if self.asked % 2 else "", facets=("kind",))).total
            except Exception as problem:
                self.failed.append(repr(problem))
                continue
            if self.asked % 2 == 0 and total != self.documents:
                self.failed.append(f"{total} of {self.documents} found")


def test_a_rebuild_under_searches_and_edits_fails_no_search_and_loses_no_edit(tmp_path: Path, scale: float) -> None:
    site, documents = Site(tmp_path / "var"), round(DOCUMENTS * scale)
    site.begin(documents)
    searching = Searching(TantivyEngine(site.var_dir / "index"), documents + 1)
    searcher = threading.Thread(target=searching)
    before = searching.engine.live()
    worker, editor = site.worker(), site.editor(1, 1 / EDITS)
    searcher.start()
    try:
        began = time.monotonic()
        said = site.run("manage.py", "search_rebuild")
        seconds = time.monotonic() - began
        editor.kill()
        editor.wait()
        site.settle()
    finally:
        searching.stop.set()
        searcher.join()
        for process in (worker, editor):
            process.kill()
            process.wait()
    found = site.compare()
    print(said.splitlines()[-2])
    print(f"{seconds:.0f} s, {searching.asked} searches, {len(searching.failed)} failed, {site.edits} edits: {found}")
    assert searching.engine.live() != before
    assert searching.failed == []
    assert site.edits > 0
    assert found == TRUE
