"""Worker and web are killed with -9 again and again: every acknowledged edit is in the index, once."""

import random
import time
from pathlib import Path

from tests.proof.site_of_processes import TRUE, Site

EDITS, KILLS = 10_000, 200
DOCUMENTS = 100


def test_no_acknowledged_edit_is_lost_or_doubled(tmp_path: Path, scale: float) -> None:
    site, dice = Site(tmp_path / "var"), random.Random(20261124)
    site.begin(DOCUMENTS)
    kills, edits = max(4, round(KILLS * scale)), round(EDITS * scale)
    worker, editor = site.worker(), site.editor(1)
    try:
        for number in range(kills):
            _until(site, (number + 1) * edits // kills)
            time.sleep(dice.random() * 0.3)
            if dice.random() < 0.6:
                worker.kill()
                worker.wait()
                worker = site.worker()
            else:
                editor.kill()
                editor.wait()
                editor = site.editor(number + 2)
        _until(site, edits)
        editor.kill()
        editor.wait()
        site.settle()
    finally:
        for process in (worker, editor):
            process.kill()
            process.wait()
    found = site.compare()
    print(f"{site.edits} acknowledged edits, {kills} kills: {found}")
    assert found == TRUE


def _until(site: Site, edits: int) -> None:
    deadline = time.monotonic() + 120
    while site.edits < edits:
        assert time.monotonic() < deadline, (site.var_dir / "log.txt").read_text()[-3000:]
        time.sleep(0.05)
