"""A real Elasticsearch for tests: the one of ELASTICSEARCH_URL, or one started for this run on the loopback.

Without Java or Maven the tests are skipped with the reason; where REQUIRE_ELASTICSEARCH=1 that is a failure. Tests that
use it carry the marker `elasticsearch`, which keeps them in one process, so that one server is started.
"""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings

from search.engines import server


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    if settings.ELASTICSEARCH_URL:
        yield settings.ELASTICSEARCH_URL
        return
    try:
        with server.running(settings.CACHE_DIR or server.default_cache()) as started:
            yield started.url
    except server.ServerProblem as problem:
        if os.environ.get("REQUIRE_ELASTICSEARCH") == "1":
            pytest.fail(f"a real Elasticsearch is required here: {problem}")
        pytest.skip(f"no Elasticsearch: {problem}")
