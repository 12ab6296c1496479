"""Security headers stand on every kind of response."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings

from config.urls import urlpatterns as site_patterns

HEADERS = {
    "Content-Security-Policy": "default-src",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def breaks(request: HttpRequest) -> HttpResponseBase:
    raise RuntimeError("on purpose")


def sends_json(request: HttpRequest) -> HttpResponseBase:
    return JsonResponse({})


def sends_a_file(request: HttpRequest) -> HttpResponseBase:
    return FileResponse(Path(__file__).open("rb"))


urlpatterns = [path("breaks/", breaks), path("json/", sends_json), path("file/", sends_a_file), *site_patterns]


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def get(address: str) -> Callable[[Client], HttpResponseBase]:
    return lambda client: client.get(address)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ask", "status"),
    [
        pytest.param(get("/"), 200, id="page"),
        pytest.param(get("/json/"), 200, id="json"),
        pytest.param(get("/file/"), 200, id="file"),
        pytest.param(get("/static/wagtailadmin/css/core.css"), 200, id="static"),
        pytest.param(get("/static/nothing.css"), 404, id="static not found"),
        pytest.param(get("/nothing-here/"), 404, id="not found"),
        pytest.param(get("/breaks/"), 500, id="error"),
        pytest.param(get("/my/"), 302, id="to sign-in"),
        pytest.param(get("/search"), 301, id="to the slash"),
        pytest.param(get("/sign-out/"), 405, id="refused"),
        pytest.param(get("/admin/login/"), 302, id="back office"),
    ],
)
def test_a_response_carries_every_header(
    client: Client, ask: Callable[[Client], HttpResponseBase], status: int
) -> None:
    response = ask(client)

    assert response.status_code == status
    missing = {name for name, part in HEADERS.items() if part not in response.headers.get(name, "")}
    assert missing == set()


def test_only_the_back_office_may_run_inline_scripts(client: Client, db: None) -> None:
    def scripts(address: str) -> str:
        policy = client.get(address).headers["Content-Security-Policy"]
        return next(part for part in policy.split("; ") if part.startswith("script-src"))

    assert scripts("/") == "script-src 'self'"
    assert "'unsafe-inline'" in scripts("/admin/login/")


def test_a_city_is_reached_over_tls_alone(client: Client, settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000

    response = Client().get("/json/", secure=True)

    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
