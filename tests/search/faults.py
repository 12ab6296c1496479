"""A proxy between the site and a real Elasticsearch that can be ill in every way that a server, a disk or a network is."""

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HTML = b"<!doctype html><title>Bad gateway</title><p>Please come back later</p>"
BLOCKED = {"type": "cluster_block_exception", "reason": "index blocked by: [disk usage exceeded flood-stage watermark]"}
READING = (
    "refused",
    "black hole",
    "slow",
    "drip",
    "reset",
    "429",
    "500",
    "503",
    "401",
    "html",
    "broken json",
    "other json",
    "red",
    "partial",
    "timed out",
    "no index",
)
"""Every illness that keeps searches from being answered."""
WRITING = ("refused", "black hole", "reset", "429", "500", "503", "401", "html", "broken json", "no index", "read only")
"""Every illness that keeps changes from being written."""


class Proxy:
    """`mode` is `well` or one of the illnesses; `url` stays the same."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream)
        self.mode = "well"
        self.over = threading.Event()
        self.server = self._listen(0)
        self.port = self.server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def be(self, mode: str) -> None:
        if self.mode == "refused" and mode != "refused":
            self.server = self._listen(self.port)
        if mode == "refused" and self.mode != "refused":
            self.stop()
        self.mode = mode
        if mode == "well":
            self.over.set()
        else:
            self.over.clear()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _listen(self, port: int) -> ThreadingHTTPServer:
        handler = type("Handler", (Handler,), {"proxy": self})
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy
    body: bytes

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def answer(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
        mode = self.proxy.mode
        silent = {"refused": 0.0, "black hole": 20.0, "slow": 3.0}.get(mode)
        if silent is not None:
            self.proxy.over.wait(silent)
            self.close_connection = mode != "slow"
        if mode == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
        if not self.close_connection:
            self._say(*self._made_up(mode))

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

    def _made_up(self, mode: str) -> tuple[int, str, bytes]:
        kind = "application/vnd.elasticsearch+json;compatible-with=8"
        if mode in {"429", "500", "503", "401"}:
            return int(mode), kind, json.dumps({"error": {"type": "ill", "reason": mode}, "status": int(mode)}).encode()
        if mode == "html":
            return 200, "text/html", HTML
        if mode == "broken json":
            return 200, kind, b'{"hits": {"hits": ['
        if mode == "other json":
            return 200, "application/json", b'{"status": "ok"}'
        if mode == "no index":
            return 404, kind, json.dumps({"error": {"type": "index_not_found_exception"}, "status": 404}).encode()
        return self._changed(mode, *self._forward())

    def _changed(self, mode: str, status: int, kind: str, body: bytes) -> tuple[int, str, bytes]:
        """An answer of the real server, made worse."""
        if "_search" in self.path and mode in {"red", "partial", "timed out"}:
            if mode == "red":
                return (
                    503,
                    kind,
                    json.dumps({"error": {"type": "search_phase_execution_exception"}, "status": 503}).encode(),
                )
            found = json.loads(body)
            found["_shards"]["failed"] = int(mode == "partial")
            found["timed_out"] = mode == "timed out"
            return status, kind, json.dumps(found).encode()
        if "_bulk" in self.path and mode == "read only":
            deeds = [next(iter(json.loads(line).items())) for line in self.body.splitlines()[::2]]
            items = [{deed: {"_id": meta["_id"], "status": 403, "error": BLOCKED}} for deed, meta in deeds]
            return 200, kind, json.dumps({"errors": True, "items": items}).encode()
        return status, kind, body

    def _forward(self) -> tuple[int, str, bytes]:
        up = HTTPConnection(str(self.proxy.upstream.hostname), self.proxy.upstream.port, timeout=20)
        try:
            own = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
            up.request(self.command, self.path, self.body, own)
            answer = up.getresponse()
            return answer.status, answer.headers.get("content-type", "application/json"), answer.read()
        finally:
            up.close()

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        if kind != "text/html" and self.proxy.mode != "other json":
            self.send_header("x-elastic-product", "Elasticsearch")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        for byte in body if self.proxy.mode == "drip" else ():
            self.wfile.write(bytes((byte,)))
            time.sleep(0.2)
            if self.proxy.over.is_set():
                self.close_connection = True
                return
        if self.proxy.mode != "drip":
            self.wfile.write(body)


@contextmanager
def faulty(upstream: str) -> Iterator[Proxy]:
    proxy = Proxy(upstream)
    try:
        yield proxy
    finally:
        proxy.be("well")
        proxy.stop()
