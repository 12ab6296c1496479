"""What a page costs: in process beside a library of 100,000 resources, and over HTTP on the demo site as `make run` starts it."""

import argparse
import gzip
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.world import World
from groups.models import Person
from library.resources import services
from library.resources.models import Grant, Kind, Placement, Resource, Version
from tests.browser.pages import FOUND
from tests.browser.site import running_site
from tests.factories.town import whole_design

ADDRESSES = ("/", FOUND, "/search/", "/k/", "/g/", "/sign-in/")
TIMES = 40
MORE_SUBJECTS = 60
"""With the world's own three, four books of six lessons each: as many books as a city's primary schools use."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=100_000, help="resources in the library")
    parser.add_argument("--in-process", action="store_true", help="only in process, without the demo site")


def measure(given: argparse.Namespace) -> Iterator[str]:
    """A line for each page: median and 95th percentile, and what else it costs."""
    yield from in_process(given.size)
    if not given.in_process:
        yield from on_the_demo_site()


def in_process(size: int) -> Iterator[str]:
    """A signed-in teacher's and a visitor's pages, the whole stack but the socket; `bare` is the frame with one form."""
    settings.DEBUG = False
    world = World()
    world.found()
    for number in range(MORE_SUBJECTS):
        world.nodes += world._book(f"第{number}科")
    for _ in world.grow(size):
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    design = _design(world)
    pages = {
        "bare": reverse("new-password"),
        "resource": design.get_absolute_url(),
        "lesson": _middle_lesson(world),
        "lesson with most resources": _fullest_lesson(),
        "school": world.schools[0].get_absolute_url(),
        "portfolio": reverse("groups:portfolio", args=[world.people[0].uid]),
    }
    client = Client()
    client.force_login(world.people[0])
    connection.queries_log.clear()
    yield f"{size} resources, {Placement.objects.values('node').distinct().count()} lessons with some"
    bare = 0.0
    for name, address in pages.items():
        cost = _asked(client, address)
        bare = bare or cost.median
        yield f"{name}: {cost}, {cost.median / bare:.1f} × bare"


@dataclass(frozen=True, slots=True)
class Cost:
    """Sorted milliseconds of visits, the processor's share in the median one, queries of one visit."""

    times: list[float]
    processor: float
    queries: int

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    def __str__(self) -> str:
        late = self.times[int(len(self.times) * 0.95)]
        return f"p50 {self.median:.1f} ms, p95 {late:.1f} ms, processor {self.processor:.1f} ms, {self.queries} queries"


def _asked(client: Any, address: str) -> Cost:
    for _ in range(3):
        assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    queries = len(caught)
    began = time.process_time()
    times = _timed(lambda: client.get(address))
    return Cost(times, (time.process_time() - began) * 1000 / TIMES, queries)


def _timed(deed: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        deed()
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def _design(world: World) -> Resource:
    """A whole lesson design at a lesson, open to everybody."""
    owner: Person = world.people[1]
    made: Resource = services.create(
        kind=Kind.LESSON_DESIGN,
        owner=owner,
        school=world.schools[1],
        draft=services.Draft(title="梯形的面积", document=whole_design()),
        nodes=(world.nodes[0],),
        at=world.now,
    )
    text = made.working_copy
    version = Version.objects.create(
        resource=made,
        number=1,
        title=made.title,
        document=text.document,
        sha256="0" * 64,
        label="第1版",
        cut_by=owner,
        cut_at=world.now,
        published_at=world.now,
    )
    Grant.objects.create(resource=made, is_public=True, starts_at=world.now)
    Resource.objects.filter(pk=made.pk).update(published_version=version, state="published", published_at=world.now)
    return made


def _lessons() -> Any:
    return Placement.objects.values("node__outline__uid", "node__uid").annotate(n=Count("pk")).order_by("n", "node")


def _address(row: Any) -> str:
    return reverse("catalogue:node", args=[row["node__outline__uid"], row["node__uid"]])


def _middle_lesson(world: World) -> str:
    """A lesson with two dozen resources, as a well-kept one has."""
    node = world.nodes[-1]
    kept = Placement.objects.filter(node=node).order_by("pk").values_list("pk", flat=True)[:24]
    Placement.objects.filter(node=node).exclude(pk__in=list(kept)).delete()
    return reverse("catalogue:node", args=[node.outline.uid, node.uid])


def _fullest_lesson() -> str:
    return _address(_lessons().last())


def on_the_demo_site() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="gongbei-bench-") as folder:
        began = time.monotonic()
        with running_site(Path(folder)) as site:
            yield f"first start with an empty directory, everything indexed: {time.monotonic() - began:.1f} s"
            for address in ADDRESSES:
                times, size = visits(site.address + address)
                yield f"{address}: median {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms, {size} bytes"
        began = time.monotonic()
        with running_site(Path(folder)):
            yield f"second start: {time.monotonic() - began:.1f} s"


def visits(address: str) -> tuple[list[float], int]:
    body = b""

    def visit() -> None:
        nonlocal body
        with urllib.request.urlopen(address, timeout=30) as response:
            body = response.read()

    return _timed(visit), len(gzip.compress(body, 6))
