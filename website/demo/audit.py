"""How much of the demo's text is repeated between resources, counted in windows of eight characters."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from library.documents import walk
from website.demo import bank
from website.demo.documents import document_for
from website.demo.reading import Facts, read_all
from website.demo.resources import question_facts

WINDOW = 8
BAR = 0.05
_IGNORED = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Audit:
    """Counts over all windows, by occurrence; `worst` are the most widely shared windows with their resources."""

    resources: int
    windows: int
    shared: int
    worst: list[tuple[str, set[str]]]

    @property
    def share(self) -> float:
        return self.shared / self.windows if self.windows else 0.0


def written() -> Iterator[tuple[str, Facts]]:
    """(key, facts) of every written resource, the packages themselves among them; forks are left out."""
    for _, package in read_all("packages"):
        yield package["key"], {"title": package["title"], "summary": package.get("summary", "")}
        for part in package["parts"]:
            yield part["key"], _pinned(part)
    for _, piece in read_all("pieces"):
        yield piece["key"], _pinned(piece)
    for _, told in read_all("questions"):
        for facts in told["questions"]:
            yield facts["key"], question_facts(told, facts)


def _pinned(facts: Facts) -> Facts:
    """Which version a homework or paper pins says nothing about its text."""
    return bank.pinned(facts, lambda key: (key, 1))


def plain(facts: Facts) -> str:
    """Title, summary, keywords and the whole document, without white space and punctuation."""
    words = [str(facts.get(name, "")) for name in ("title", "subtitle", "summary")]
    words += [str(keyword) for keyword in facts.get("keywords") or ()]
    if facts.get("kind"):
        words += [leaf.text for leaf in walk.walk(document_for(facts))]
    return _IGNORED.sub("", "".join(words))


def windows(text: str) -> Iterator[str]:
    return (text[at : at + WINDOW] for at in range(len(text) - WINDOW + 1))


def measure() -> Audit:
    """The share of all windows, by occurrence, that occur in more than two resources."""
    occurrences: Counter[str] = Counter()
    keys: defaultdict[str, set[str]] = defaultdict(set)
    texts = dict(written())
    for key, facts in texts.items():
        for window in windows(plain(facts)):
            occurrences[window] += 1
            keys[window].add(key)
    shared = {window: found for window, found in keys.items() if len(found) > 2}
    worst = sorted(shared.items(), key=lambda item: (-len(item[1]), item[0]))[:10]
    return Audit(len(texts), occurrences.total(), sum(occurrences[w] for w in shared), worst)
