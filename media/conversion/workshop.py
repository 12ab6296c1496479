"""The worker's bench for files: one process of its own at a time for each work, watched and never waited for.

`tick` runs inside the search worker, so that an index never waits for a slow file: it starts what is due, looks whether
what runs has ended, and kills what takes too long.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from media.conversion import extracting, sandbox, services
from media.conversion.models import BlobWords, PdfTwin
from media.models import File
from media.safety.names import extension_of
from media.safety.problems import UnsafeFile
from media.storage import local_copy

logger = logging.getLogger(__name__)

SCRIPT = Path(extracting.__file__)
WORDS_SECONDS = extracting.WALL_SECONDS + 10
LEASE_MORE = 60
"""Seconds by which a lease outlives the time limit."""


@dataclass(slots=True)
class Bench:
    """One running process with what it works on; leaving `held` removes its files."""

    work: BlobWords | PdfTwin
    process: subprocess.Popen[bytes]
    folder: Path
    deadline: float
    held: ExitStack

    def close(self) -> None:
        """End what still runs, with everything it started."""
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.held.close()


class Workshop:
    """Two benches: words and previews."""

    def __init__(self) -> None:
        self.benches: dict[type[BlobWords] | type[PdfTwin], Bench] = {}
        self.asked = False

    def tick(self, at: datetime) -> bool:
        """Look at both benches once. Answers whether something is or was under way."""
        self._look_for_the_wall()
        busy = [self._bench(BlobWords, at)]
        if sandbox.here().is_ready:
            busy.append(self._bench(PdfTwin, at))
        return any(busy)

    def close(self) -> None:
        for bench in self.benches.values():
            bench.close()
        self.benches.clear()

    def _look_for_the_wall(self) -> None:
        """What waits is told at once why it will not come; a machine that can do it takes it up again."""
        found = sandbox.here()
        if not found.is_ready:
            services.mark_unavailable(reason=found.reason)
        elif not self.asked:
            services.take_up_again()
        self.asked = True

    def _bench(self, model: type[BlobWords] | type[PdfTwin], at: datetime) -> bool:
        bench = self.benches.get(model)
        if bench is None:
            return self._start(model, at)
        if bench.process.poll() is None and time.monotonic() < bench.deadline:
            return True
        try:
            _collect(bench, at)
        finally:
            bench.close()
            del self.benches[model]
        return True

    def _start(self, model: type[BlobWords] | type[PdfTwin], at: datetime) -> bool:
        if not services.is_due(model, at=at):  # type: ignore[type-var]
            return False
        seconds = WORDS_SECONDS if model is BlobWords else sandbox.SECONDS
        work = services.lease(model, at=at, seconds=seconds + LEASE_MORE)  # type: ignore[type-var]
        if work is None:
            return False
        if isinstance(work, PdfTwin) and services.has_twins(work=work):
            return True
        try:
            self.benches[model] = _started(work, seconds)
        except NothingToDo as reason:
            services.give_up(work=work, reason=str(reason), at=at, again=False)
        except OSError as problem:
            logger.exception("file work could not start: %s", work)
            services.give_up(work=work, reason=f"没能开始（{type(problem).__name__}）", at=at, again=True)
        return True


class NothingToDo(Exception):
    """No file holds these bytes any more, or the storage has lost them."""


def _started(work: BlobWords | PdfTwin, seconds: int) -> Bench:
    file = File.objects.filter(blob_id=work.blob_id).order_by("pk").first()
    if file is None:
        raise NothingToDo("已经没有文件用到它")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="file-work-")))
        try:
            path = stack.enter_context(local_copy(work.blob.path))
        except FileNotFoundError as problem:
            raise NothingToDo("文件内容在存储里找不到了") from problem
        if not path.exists():
            raise NothingToDo("文件内容在存储里找不到了")
        argv = _argv(work, file, path, folder)
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
            close_fds=True,
        )
        return Bench(work, process, folder, time.monotonic() + seconds, stack.pop_all())
    raise AssertionError("unreachable")


def _argv(work: BlobWords | PdfTwin, file: File, path: Path, folder: Path) -> list[str]:
    if isinstance(work, BlobWords):
        kind = services.READ[file.content_type]
        return [sys.executable, "-I", str(SCRIPT), kind, str(path), str(folder / "out.json")]
    return sandbox.command(sandbox.here(), path, extension_of(file.name) or "docx", folder)


def _collect(bench: Bench, at: datetime) -> None:
    """Keep what a process has left, or say why there is nothing."""
    late = bench.process.poll() is None
    if isinstance(bench.work, BlobWords):
        _collect_words(bench.work, bench.folder / "out.json", late, at)
    else:
        _collect_twin(bench.work, bench.folder / "out", late, at)


def _collect_words(work: BlobWords, out: Path, late: bool, at: datetime) -> None:
    try:
        answer = json.loads(out.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        reason = "读文字超过了时间上限" if late else "读文字超过了内存或时间上限"
        services.give_up(work=work, reason=reason, at=at, again=False)
        return
    if "problem" in answer:
        services.give_up(work=work, reason=answer["problem"], at=at, again=False)
        return
    services.keep_words(work=work, passages=answer["passages"], is_cut=answer["is_cut"])


def _drawn(out: Path) -> Path | None:
    """The PDF that was left behind the wall. Only a file of its own: a link or a pipe would lead the worker out."""
    if out.is_symlink() or not out.is_dir():
        return None
    return next((path for path in sorted(out.glob("*.pdf")) if path.is_file() and not path.is_symlink()), None)


def _collect_twin(work: PdfTwin, out: Path, late: bool, at: datetime) -> None:
    made = _drawn(out)
    if made is None or late:
        reason = f"转换超过了 {sandbox.SECONDS} 秒" if late else "LibreOffice 打不开这个文件，可能已损坏或加了密码"
        services.give_up(work=work, reason=reason, at=at, again=late)
        return
    try:
        services.keep_twin(work=work, pdf=made.read_bytes())
    except UnsafeFile as problem:
        services.give_up(work=work, reason=problem.sentence, at=at, again=False)


_workshop = Workshop()


def tick(at: datetime) -> object:
    """The periodic job of the worker."""
    return _workshop.tick(at)


def work_off(most_seconds: float = 600) -> None:
    """Do everything that is due now and wait for it: for the command and for tests."""
    shop, end = Workshop(), time.monotonic() + most_seconds
    try:
        while shop.tick(timezone.now()) and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        shop.close()
