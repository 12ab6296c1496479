"""compose.yaml is never started here; its form is held to what Compose and docs/operations.md say."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings

SERVICE_KEYS = frozenset(
    {"command", "deploy", "environment", "healthcheck", "image", "ports", "restart", "secrets", "ulimits", "volumes"}
)
NODES = ("n1", "n2", "n3")


@pytest.fixture(scope="module")
def written() -> dict:
    return dict(yaml.safe_load((Path(settings.BASE_DIR) / "compose.yaml").read_text(encoding="utf-8")))


def test_every_service_says_only_what_compose_knows(written: dict) -> None:
    top = {name for name in written if not name.startswith("x-")}
    assert top == {"services", "secrets", "volumes"}
    for name, service in written["services"].items():
        assert set(service) <= SERVICE_KEYS, name
        assert ":" in service["image"], f"{name}: pin the version"
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source.startswith("./") or source in written["volumes"], volume


def test_no_port_is_open_to_the_world(written: dict) -> None:
    ports = [port for service in written["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_nodes_know_each_other_and_ask_who_you_are(written: dict) -> None:
    for name in NODES:
        said = written["services"][name]["environment"]
        assert said["node.name"] == name
        assert said["discovery.seed_hosts"] == said["cluster.initial_master_nodes"] == ",".join(NODES)
        assert said["xpack.security.enabled"] == said["xpack.security.http.ssl.enabled"] == "true"
        assert said["xpack.security.http.ssl.key"] == f"certificates/{name}.key"


def test_no_password_stands_in_it(written: dict) -> None:
    for service in written["services"].values():
        for name in service.get("environment", {}):
            assert "PASSWORD" not in name or name.endswith("_FILE")
