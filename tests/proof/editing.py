"""The processes of the index proofs: `python -m tests.proof.editing prepare COUNT | edit SEED | compare`.

They run on the database and the index that the environment names, and may be killed at any moment.
"""

import json
import os
import random
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
django.setup()

from django.utils import timezone  # noqa: E402

from library.resources import services  # noqa: E402
from library.resources.models import Resource  # noqa: E402
from search import engines, registry  # noqa: E402
from search.documents import from_json  # noqa: E402
from search.models import OutboxRow  # noqa: E402
from tests.factories import many, shelf, town  # noqa: E402
from tests.proof.second_projector import expected  # noqa: E402


def prepare(count: int) -> None:
    """A town with so many published resources, which nobody told the index yet."""
    built = shelf.build(town.build())
    many.multiply(built.published(built.draft()), count)


def edit(seed: int, pause: float = 0.0) -> None:
    """Edit one resource after the other for ever, and say each once it is committed: `uid number`."""
    import time

    dice = random.Random(seed)
    rows = list(Resource.objects.filter(state="published").select_related("owner")[:2_000])
    number = seed * 1_000_000
    while True:
        number += 1
        resource = dice.choice(rows)
        metadata = services.Metadata(summary=f"第{number}稿", grade_from=5)
        services.describe(resource=resource, by=resource.owner, metadata=metadata, at=timezone.now())
        sys.stdout.write(f"{resource.uid} {number}\n")
        sys.stdout.flush()
        time.sleep(pause)


def compare() -> dict[str, Any]:
    """Everything that differs between the index and the tables; `summaries` are what the index says now."""
    truth = expected(timezone.now())
    rows = [one for one in engines.current().held() if one.stored and one.key.startswith("resource:")]
    held = {one.key: (from_json(one.stored), one.tokens) for one in rows}
    wrong = [key for key in truth.keys() & held.keys() if _differs(held[key], truth[key])]
    return {
        "missing": sorted(truth.keys() - held.keys()),
        "ghost": sorted(held.keys() - truth.keys()),
        "stale": wrong,
        "doubled": len(rows) - len(held),
        "parked": OutboxRow.objects.filter(parked=True).count(),
        "summaries": {entry.uid: entry.summary for entry, _ in held.values()},
    }


def _differs(held: Any, want: Any) -> bool:
    entry, tokens = held
    return (entry.title, entry.summary, tokens) != (want.title, want.summary, want.tokens)


if __name__ == "__main__":
    for name in set(registry.sources()) - {"resource"}:
        registry._sources.pop(name)
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    elif sys.argv[1] == "edit":
        edit(int(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)
    else:
        print(json.dumps(compare()))
