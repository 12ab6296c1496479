"""Three hundred teachers at once: five seconds to think, then search, read, download, keep, or edit.

`python -m benchmarks teachers --teachers 300 --seconds 60`: the site as `make run` starts it, with its demo content, on the cores of
this machine, the clients on the same ones; then as many visitors of a stock `wagtail start` site, whose pages hold nothing.
"""

import argparse
import asyncio
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from benchmarks.world import QUESTIONS
from ops.run import HOST, answers, free_port
from tests.browser.site import running_site
from tests.conftest import migrated_template
from website.demo.accounts import demo_accounts

THINK = 5.0
DEEDS = {"search": 40, "view": 35, "download": 10, "keep": 10, "edit": 5}
RESOURCE = re.compile(rb'href="(/r/[0-9A-Za-z]+/)"')
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
DOWNLOAD = re.compile(rb'href="(/r/[0-9A-Za-z]+/(?:download|zip)/[^"]*)"')
KEEP = re.compile(rb'action="(/r/[0-9A-Za-z]+/favourite/)"')
EDIT = re.compile(rb'href="(/r/[0-9A-Za-z]+/edit/)"')


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--teachers", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0)


def measure(given: argparse.Namespace) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="gongbei-teachers-") as folder:
        shutil.copy(migrated_template(), Path(folder) / "site.sqlite3")
        with running_site(Path(folder)) as site:
            yield from _told("gongbei", asyncio.run(crowd(site.address, given, list(DEEDS))))
        with stock(Path(folder) / "stock") as address:
            yield from _told("wagtail start", asyncio.run(crowd(address, given, ["home"])))


@dataclass(slots=True)
class Log:
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)


def _told(name: str, log: Log) -> Iterator[str]:
    everything = sorted(one for times in log.times.values() for one in times)
    yield f"{name}: {len(everything)} requests, {sum(log.errors.values())} errors {dict(log.errors) or ''}"
    for deed, times in {**log.times, "all": everything}.items():
        if len(times) > 1:
            cuts = statistics.quantiles(times, n=100)
            yield f"  {deed:10}{len(times):6}  p50 {cuts[49]:6.0f} ms  p95 {cuts[94]:6.0f} ms  p99 {cuts[98]:6.0f} ms"


async def crowd(address: str, given: argparse.Namespace, deeds: list[str]) -> Log:
    """Each teacher is one connection; the first thoughts are spread over the time to think."""
    log, until = Log(), time.monotonic() + given.seconds
    teachers = [Teacher(address, random.Random(number), log) for number in range(given.teachers)]
    for start in range(0, len(teachers), 8):
        await asyncio.gather(*(teacher.arrive(deeds) for teacher in teachers[start : start + 8]))
    until = time.monotonic() + given.seconds
    await asyncio.gather(*(teacher.work(deeds, until) for teacher in teachers))
    return log


class Teacher:
    """A browser reduced to one connection, its cookies, and the last page of results."""

    def __init__(self, address: str, dice: random.Random, log: Log) -> None:
        parts = urlsplit(address)
        self.host, self.port = str(parts.hostname), int(parts.port or 80)
        self.dice, self.log = dice, log
        self.cookies: dict[str, str] = {}
        self.seen: list[str] = []
        self.mine: list[str] = []
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def arrive(self, deeds: list[str]) -> None:
        if deeds == ["home"]:
            return
        accounts = demo_accounts()
        account = self.dice.choice(accounts)
        _, page = await self.get("/sign-in/")
        form = {"account": account.phone, "password": account.password, "csrfmiddlewaretoken": _first(TOKEN, page)}
        await self.request("POST", "/sign-in/", form)
        _, page = await self.get("/search/")
        self.seen = [found.decode() for found in RESOURCE.findall(page)]
        _, page = await self.get("/my/library/")
        self.mine = [found.decode() for found in EDIT.findall(page)]

    async def work(self, deeds: list[str], until: float) -> None:
        await asyncio.sleep(self.dice.uniform(0, THINK))
        while time.monotonic() < until:
            deed = deeds[0] if len(deeds) == 1 else self.dice.choices(deeds, [DEEDS[one] for one in deeds])[0]
            try:
                await getattr(self, deed)()
            except (OSError, asyncio.IncompleteReadError, ValueError) as problem:
                self.streams = None
                self.log.errors[f"{deed}: {type(problem).__name__}"] += 1
            await asyncio.sleep(self.dice.uniform(0.5, 1.5) * THINK)

    async def home(self) -> None:
        await self.timed("home", "GET", "/")

    async def search(self) -> None:
        page = await self.timed("search", "GET", f"/search/?q={quote(self.dice.choice(QUESTIONS))}")
        self.seen = [found.decode() for found in RESOURCE.findall(page)] or self.seen

    async def view(self) -> bytes:
        return await self.timed("view", "GET", self.dice.choice(self.seen or ["/search/"]))

    async def download(self) -> None:
        address = _first(DOWNLOAD, await self.view())
        if address:
            await self.timed("download", "GET", address)

    async def keep(self) -> None:
        page = await self.view()
        if address := _first(KEEP, page):
            await self.timed("keep", "POST", address, {"csrfmiddlewaretoken": _first(TOKEN, page)})

    async def edit(self) -> None:
        await self.timed("edit", "GET", self.dice.choice(self.mine or ["/my/"]))

    async def timed(self, deed: str, method: str, path: str, form: dict[str, str] | None = None) -> bytes:
        began = time.perf_counter()
        status, body = await self.request(method, path, form)
        self.log.times[deed].append((time.perf_counter() - began) * 1000)
        if status >= 400:
            self.log.errors[f"{deed}: {status}"] += 1
        return body

    async def get(self, path: str) -> tuple[int, bytes]:
        return await self.request("GET", path)

    async def request(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        if self.streams is None:
            self.streams = await asyncio.open_connection(self.host, self.port, limit=2**20)
        reader, writer = self.streams
        body = urlencode(form).encode() if form else b""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = [f"{method} {path} HTTP/1.1", f"host: {self.host}:{self.port}", "accept: text/html"]
        head += [f"cookie: {cookies}"] if cookies else []
        head += ["content-type: application/x-www-form-urlencoded", f"content-length: {len(body)}"] if form else []
        writer.write(("\r\n".join(head) + "\r\n\r\n").encode() + body)
        return await self._answer(reader)

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
            headers[name.lower()] = value
        status = int(lines[0].split()[1])
        if headers.get("transfer-encoding") == "chunked":
            return status, await _chunks(reader)
        return status, await reader.readexactly(int(headers.get("content-length", 0)))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readline()).strip() or b"0", 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


def _first(pattern: re.Pattern[bytes], page: bytes) -> str:
    found = pattern.search(page)
    return found[1].decode().replace("&amp;", "&") if found else ""


@contextmanager
def stock(place: Path) -> Iterator[str]:
    """`wagtail start`, migrated, on the same server with the same options."""
    place.mkdir(parents=True)
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "VAR_DIR"}
    }
    wagtail = Path(sys.executable).with_name("wagtail")
    subprocess.run([wagtail, "start", "stock", str(place)], check=True, env=environment, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=place, check=True, env=environment)
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--no-ws"]
    process = subprocess.Popen(
        [*command, "--blocking-threads", "4", "stock.wsgi:application"],
        cwd=place,
        env=environment | {"DJANGO_SETTINGS_MODULE": "stock.settings.dev", "PYTHONPATH": str(place)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not answers(port, "/"):
            time.sleep(0.2)
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait()
