"""What a page costs: milliseconds on one core and compressed bytes, on the demo site as `make run` starts it."""

import argparse
import gzip
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.browser.pages import FOUND
from tests.browser.site import running_site

ADDRESSES = ("/", FOUND, "/search/", "/k/", "/g/", "/sign-in/")
TIMES = 40


def measure(given: argparse.Namespace) -> Iterator[str]:
    """A line for each address: median and 95th percentile of the time to the whole page, and its size packed."""
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
    times = []
    body = b""
    for _ in range(TIMES):
        began = time.perf_counter()
        with urllib.request.urlopen(address, timeout=30) as response:
            body = response.read()
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times), len(gzip.compress(body, 6))
