"""@ in a remark: names of participants, and of nobody else."""

import re

from groups.models import Person
from lessons.prep.models import Participant, Preparation

_NAMED = re.compile(r"@([\w·]{2,20})")


def named_in(words: str, names: set[str]) -> set[str]:
    """The names that are called; the longest that fits, so that @陈立言看 calls 陈立言."""
    found = set()
    for called in _NAMED.findall(words):
        fits = [called[:length] for length in range(len(called), 1, -1) if called[:length] in names]
        found.update(fits[:1])
    return found


def mentioned(words: str, preparation: Preparation) -> list[Person]:
    """The participants whose names stand behind an @. Of two with one name both are called."""
    if "@" not in words:
        return []
    rows = Participant.objects.filter(preparation=preparation, left_at__isnull=True).select_related("person")
    people = {row.person.pk: row.person for row in rows}
    people |= {person.pk: person for person in (preparation.organiser, preparation.lead) if person is not None}
    called = named_in(words, {person.name for person in people.values()})
    return [person for person in people.values() if person.name in called]
