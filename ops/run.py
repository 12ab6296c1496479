"""Starts the site and keeps it running: `make run`, `python -m ops.run`.

One web process and one worker (with ENGINE=elasticsearch and no ELASTICSEARCH_URL, a search server too), each started
again when it dies. They end when this process ends, also by kill -9. A second start on the same directory is refused.
"""

import fcntl
import http.client
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from config import environment
from config.environment import BASE_DIR, Environment
from ops import prepare
from ops.processes import Supervised
from website.demo.accounts import demo_accounts

HOST = "127.0.0.1"


class CannotStart(RuntimeError):
    """What stands in the way, and the next step."""


def main() -> int:
    os.chdir(BASE_DIR)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    try:
        site = environment.read()
        port = int(os.environ.get("PORT", "8000"))
        site.var_dir.mkdir(parents=True, exist_ok=True)
        with take_lease(site.var_dir):
            wait_for_port(port)
            run(site, port, stop)
    except (CannotStart, prepare.PreparationFailed, environment.EnvironmentProblem) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def run(site: Environment, port: int, stop: threading.Event) -> None:
    """Prepare, start, and tend until `stop`."""
    variables = variables_for(site, port)
    children: list[Supervised] = []
    try:
        if site.search_engine == "elasticsearch" and not site.elasticsearch_url:
            variables |= {"ELASTICSEARCH_URL": start_elasticsearch(site, variables, children, stop)}
        prepare.prepare(site, variables)
        children += [web(site, port, variables), worker(site, variables)]
        tend(children, stop, announce_on=port)
    finally:
        for child in reversed(children):
            child.stop()


def variables_for(site: Environment, port: int) -> dict[str, str]:
    own = {
        "SECRET_KEY": site.secret_key or prepare.secret_key(site.var_dir),
        "SITE_ADDRESS": os.environ.get("SITE_ADDRESS", f"http://{HOST}:{port}"),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.development"),
        "VAR_DIR": str(site.var_dir),
    }
    return dict(os.environ) | own


def web(site: Environment, port: int, variables: Mapping[str, str]) -> Supervised:
    options = ["--interface", "wsgi", "--host", HOST, "--port", str(port), "--no-ws", "--blocking-threads", "4"]
    command = [sys.executable, "-m", "granian", *options, "ops.web:application"]
    return Supervised("网站", command, variables, site.var_dir / "log" / "web.log")


def worker(site: Environment, variables: Mapping[str, str]) -> Supervised:
    return Supervised(
        "后台任务", [sys.executable, "manage.py", "worker"], variables, site.var_dir / "log" / "worker.log"
    )


def start_elasticsearch(
    site: Environment, variables: Mapping[str, str], children: list[Supervised], stop: threading.Event
) -> str:
    """Start a search server of our own and wait until it answers; returns its address."""
    port = free_port()
    command = [sys.executable, "manage.py", "elasticsearch_server", "--fetch", "--port", str(port)]
    server = Supervised("Elasticsearch", command, variables, site.var_dir / "log" / "elasticsearch.log")
    children.append(server)
    print("启动 Elasticsearch（第一次要下载，约一分钟）…", flush=True)
    for _ in range(600):
        if server.tend(time.monotonic()) or stop.wait(0.5):
            break
        if answers(port, "/_cluster/health"):
            return f"http://{HOST}:{port}"
    raise CannotStart(f"Elasticsearch 没有启动。原因在 {server.log}；也可以先用 make run（tantivy，不需要服务器）。")


def tend(children: list[Supervised], stop: threading.Event, *, announce_on: int) -> None:
    announced = False
    while True:
        for child in children:
            if sentence := child.tend(time.monotonic()):
                print(sentence, flush=True)
        if not announced and answers(announce_on, "/"):
            print(welcome(announce_on), flush=True)
            announced = True
        if stop.wait(0.25):
            return


def welcome(port: int) -> str:
    accounts = demo_accounts()
    lines = [f"  {account.role}　{account.name}　{account.phone}　{account.says}" for account in accounts]
    return "\n".join(
        [
            f"共备已启动：http://{HOST}:{port}/",
            f"演示账号（手机号登录，密码都是 {accounts[0].password}）：",
            *lines,
            "停止：Ctrl-C。日志在 var/log/。",
        ]
    )


def take_lease(var_dir: Path) -> IO[str]:
    """Hold the directory for as long as this process lives.

    Raises:
        CannotStart: another start holds it.
    """
    lease = (var_dir / "lease").open("a+")
    for _ in range(20):
        with suppress(BlockingIOError):
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lease.truncate(0)
            lease.write(str(os.getpid()))
            lease.flush()
            return lease
        time.sleep(0.1)
    lease.seek(0)
    holder = lease.read()
    raise CannotStart(
        f"这个目录已有一个共备在运行（进程 {holder}，{var_dir}）。先停掉它，或换一个目录：VAR_DIR=/另一个目录 make run PORT=8001"
    )


def wait_for_port(port: int, seconds: float = 5.0) -> None:
    """Wait a moment for the port: processes of a killed start may be letting go of it.

    Raises:
        CannotStart: something else listens there.
    """
    deadline = time.monotonic() + seconds
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((HOST, port))
                return
        if time.monotonic() > deadline:
            raise CannotStart(f"端口 {port} 已被别的程序占用。换一个端口：make run PORT={port + 1}")
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str) -> bool:
    """Does an HTTP server there answer this address well?"""
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 400
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
