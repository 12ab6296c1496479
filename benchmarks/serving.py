"""What the search page costs its server: requests for each second of a core, and times with eight clients.

`python -m benchmarks serving --size 100000`. The server is granian as in production, one process; its CPU time is read from
/proc. Printed beside two pages of the same server that ask for nothing: what every request costs, and a small form.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, cycle
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from benchmarks.world import World, some_questions
from ops.run import HOST, answers, free_port
from search import engines
from search import statistics as statistics_of_tables

CLIENTS, SECONDS = 8, 10.0
TICKS = os.sysconf("SC_CLK_TCK")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=SECONDS)


def measure(given: argparse.Namespace) -> Iterator[str]:
    world, engine = World(), engines.make(settings.SEARCH_ENGINE)
    world.found()
    engine.create()
    for entries in world.grow(given.size):
        engine.write(entries)
    statistics_of_tables.refresh(timezone.now())
    with served() as (port, pid):
        numbers = count()
        asked = cycle(some_questions(400))
        fresh = lambda: f"/search/?q={quote(next(asked))}&page={1 + next(numbers) // 400 % 9}"  # noqa: E731
        same = lambda: f"/search/?q={quote('梯形的面积')}"  # noqa: E731
        yield f"{given.size:,} things, {CLIENTS} clients, {given.seconds:.0f} s each"
        for name, address in (
            ("bare: the sign-in page", lambda: "/sign-in/"),
            ("search, kept", same),
            ("search, made", fresh),
        ):
            yield f"{name:24}{load(port, pid, address, given.seconds)}"


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """One page process on a free port, over the database and index of this process; (port, pid of the pages)."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--no-ws"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.development"}
    process = subprocess.Popen(
        [*command, "--blocking-threads", "4", "ops.web:application"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not answers(port, "/sign-in/"):
            time.sleep(0.2)
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
        yield port, int(children.stdout.split()[0])
    finally:
        process.terminate()
        process.wait()


def load(port: int, pid: int, address: Callable[[], str], seconds: float) -> str:
    spent: list[float] = []
    bad: list[int] = []
    until = time.monotonic() + seconds
    lock = threading.Lock()

    def client() -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        while time.monotonic() < until:
            with lock:
                path = address()
            began = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            spent.append((time.perf_counter() - began) * 1000)
            if answer.status >= 400:
                bad.append(answer.status)

    before = cpu_of(pid)
    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    cuts = statistics.quantiles(spent, n=100)
    rate = len(spent) / max(cpu_of(pid) - before, 1 / TICKS)
    return f"{rate:7.0f} requests a core-second, p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, {len(bad)} errors"


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    with open(f"/proc/{pid}/stat") as opened:
        fields = opened.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
