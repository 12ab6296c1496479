"""The specification: filters, rights, facets, counts and folds in plain Python, one process, nothing kept on disk."""

import itertools
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from search import schema, text
from search.documents import Document, document, from_json, to_json
from search.matching import AllOf, Best, Fact, Match, Node, Phrase, Term, plan
from search.ports import Entry, Held, Hit, Page, Prepared, Query, Sort

K1, B = 1.2, 0.75
CHANGES = itertools.count(1)


class MemoryEngine:
    """Postings in dictionaries; the score is BM25 as Lucene and tantivy count it."""

    counts_apart = True

    def __init__(self) -> None:
        self.others: dict[str, MemoryEngine] = {}
        self.staged_in: dict[str, MemoryEngine] | None = None
        self.name = schema.next_generation([])
        self.drop()

    # Admin

    def exists(self) -> bool:
        return True

    def create(self) -> None:
        """Nothing to make."""

    def live(self) -> str:
        return self.name

    def generations(self) -> Sequence[str]:
        return sorted([self.name, *self.others])

    def at(self, generation: str) -> "MemoryEngine":
        if generation == self.name:
            return self
        if generation not in self.others:
            self.others[generation] = MemoryEngine()
            self.others[generation].name = generation
            self.others[generation].staged_in = self.others
        return self.others[generation]

    def promote(self, generation: str) -> None:
        """This object is what everybody holds: it becomes the other one, the other one what it was."""
        other = self.at(generation)
        if other is self:
            return
        others = self.others
        del others[generation]
        self.__dict__, other.__dict__ = other.__dict__, self.__dict__
        self.others, other.others = others, {}
        self.staged_in, other.staged_in = None, others
        others[other.name] = other

    def held(self, keys: Sequence[str] | None = None) -> Iterator[Held]:
        for key in sorted(self.versions) if keys is None else keys:
            if key in self.versions:
                entry = self.entries.get(key)
                stored = to_json(entry) if entry else ""
                yield Held(key, self.versions[key], stored, entry.tokens if entry else frozenset())

    def release(self) -> None:
        """Nobody else writes."""

    def drop(self) -> None:
        self.changes = next(CHANGES)
        if self.staged_in is not None:
            self.staged_in.pop(self.name, None)
        self.entries: dict[str, Entry] = {}
        self.documents: dict[str, Document] = {}
        self.versions: dict[str, int] = {}
        self.postings: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self.lengths: dict[str, dict[str, int]] = {field.name: {} for field in schema.TEXT_FIELDS}
        self.totals: Counter[str] = Counter()

    def ailments(self) -> Sequence[str]:
        return ()

    def count(self) -> int:
        return len(self.entries)

    def refresh(self) -> None:
        """Every write is visible at once."""

    # Writer

    def write(self, entries: Iterable[Entry]) -> Mapping[str, str]:
        for entry in entries:
            if entry.version < self.versions.get(entry.key, entry.version):
                continue
            self._remove(entry.key)
            self.versions[entry.key] = entry.version
            self._add(entry)
        return {}

    def load(self, prepared: Iterable[Prepared]) -> Iterator[Mapping[str, str]]:
        for one in prepared:
            body = json.loads(one.body)
            yield self.write([replace(from_json(body["entry"]), tokens=frozenset(body["tokens"]))])

    def delete(self, keys: Mapping[str, int]) -> Mapping[str, str]:
        for key, version in keys.items():
            if version < self.versions.get(key, version):
                continue
            self._remove(key)
            self.versions[key] = version
        return {}

    def _add(self, entry: Entry) -> None:
        found = document(entry)
        self.entries[entry.key] = entry
        self.documents[entry.key] = found
        for field in schema.TEXT_FIELDS:
            tokens = _values(found, field.name)
            self.lengths[field.name][entry.key] = len(tokens)
            self.totals[field.name] += len(tokens)
            for token, count in Counter(tokens).items():
                self.postings[field.name, token][entry.key] = count

    def _remove(self, key: str) -> None:
        self.changes = next(CHANGES)
        found = self.documents.pop(key, None)
        if found is None:
            return
        del self.entries[key]
        for field in schema.TEXT_FIELDS:
            self.totals[field.name] -= self.lengths[field.name].pop(key)
            for token in set(_values(found, field.name)):
                del self.postings[field.name, token][key]

    # Reader

    def search(self, query: Query) -> Page:
        match = plan(query)
        matched = self._matching(match)
        seen = {key for key in matched if self._allowed(key, query)}
        chosen = [key for key in seen if self._passes(key, query.filters)]
        scores = self._scores(match, chosen)
        ordered = sorted(chosen, key=lambda key: (*self._rank(key, query.sort, scores), key))
        shown = ordered[query.offset : query.offset + query.limit]
        return Page(
            hits=tuple(Hit(key, scores.get(key, 0.0), stored(self.entries[key])) for key in shown),
            total=len(chosen),
            facets={name: self._facet(name, seen, query) for name in query.facets},
            folds=self._folds(shown, query),
        )

    def facets(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        return self.search(query).facets

    def version(self) -> str:
        return str(self.changes)

    def suggest(self, prefix: str, tokens: frozenset[str], limit: int) -> Sequence[Hit]:
        wanted = text.whole(text.normalise(prefix))
        if not wanted:
            return []
        query = Query(tokens=tokens)
        found = [key for key in self.postings.get(("prefixes", wanted), {}) if self._allowed(key, query)]
        found.sort(key=lambda key: (-self.entries[key].uses, key))
        return [Hit(key, 0.0, stored(self.entries[key])) for key in found[:limit]]

    def _allowed(self, key: str, query: Query) -> bool:
        entry = self.entries[key]
        return bool(entry.tokens & query.tokens) and (entry.primary or query.include_adaptations)

    def _passes(self, key: str, filters: Mapping[str, tuple[str, ...]]) -> bool:
        return all(
            not values or set(values) & set(_values(self.documents[key], schema.facet_field(name)))
            for name, values in filters.items()
        )

    def _facet(self, name: str, seen: Iterable[str], query: Query) -> dict[str, int]:
        others = {facet: values for facet, values in query.filters.items() if facet != name}
        counts: Counter[str] = Counter()
        for key in seen:
            if self._passes(key, others):
                counts.update(_values(self.documents[key], schema.facet_field(name)))
        return dict(counts)

    def _folds(self, shown: Sequence[str], query: Query) -> dict[str, int]:
        wanted = {self.entries[key].fold for key in shown if self.entries[key].primary} - {""}
        counts = Counter(
            entry.fold
            for entry in self.entries.values()
            if entry.fold in wanted and not entry.primary and entry.tokens & query.tokens
        )
        return dict(counts)

    def _rank(self, key: str, sort: Sort, scores: Mapping[str, float]) -> tuple[float, ...]:
        found = self.documents[key]
        first = {
            Sort.RELEVANCE: lambda: -scores.get(key, 0.0),
            Sort.TEXTBOOK: lambda: found["position"],
            Sort.NEWEST: lambda: -int(str(found["published"])),
            Sort.MOST_USED: lambda: -int(str(found["uses"])),
            Sort.MOST_CITED: lambda: -int(str(found["citations"])),
        }[sort]()
        return (float(str(first)),)

    # Matching and scoring

    def _matching(self, match: Match) -> set[str]:
        found = set(self.entries) if match.must is None else self._holding(match.must)
        for node in match.must_not:
            found -= self._holding(node)
        return found

    def _holding(self, node: Node) -> set[str]:
        if isinstance(node, Term):
            return set(self.postings.get((node.field, node.token), ()))
        if isinstance(node, Phrase):
            return self._holding_phrase(node.tokens)
        if isinstance(node, AllOf):
            sets = [self._holding(inner) for inner in node.nodes]
            return set.intersection(*sets) if sets else set(self.entries)
        counts = Counter(key for inner in node.nodes for key in self._holding(inner))
        return {key for key, count in counts.items() if count >= node.minimum}

    def _holding_phrase(self, tokens: tuple[str, ...]) -> set[str]:
        candidates = set.intersection(*(set(self.postings.get(("exact", token), ())) for token in tokens))
        wanted = f" {' '.join(tokens)} "
        return {key for key in candidates if wanted in f" {' '.join(_values(self.documents[key], 'exact'))} "}

    def _scores(self, match: Match, chosen: Sequence[str]) -> dict[str, float]:
        scores: dict[str, float] = dict.fromkeys(chosen, 0.0)
        for part in match.score:
            if isinstance(part, Fact):
                for key in chosen:
                    scores[key] += part.weight * (part.value in _values(self.documents[key], part.field))
                continue
            best: dict[str, float] = {}
            for term in part.terms if isinstance(part, Best) else (part,):
                for key, value in self._bm25(term, scores).items():
                    best[key] = max(best.get(key, 0.0), value)
            for key, value in best.items():
                scores[key] += value
        return scores

    def _bm25(self, term: Term, chosen: Mapping[str, float]) -> dict[str, float]:
        postings = self.postings.get((term.field, term.token))
        if not postings:
            return {}
        lengths = self.lengths[term.field]
        count = len(self.entries)
        average = self.totals[term.field] / count
        weight = term.weight * math.log(1 + (count - len(postings) + 0.5) / (len(postings) + 0.5)) * (K1 + 1)
        return {
            key: weight * often / (often + K1 * (1 - B + B * lengths[key] / average))
            for key, often in postings.items()
            if key in chosen
        }


def _values(found: Document, name: str) -> list[str]:
    values = found[name]
    return values if isinstance(values, list) else []


def stored(entry: Entry) -> Entry:
    """An entry as an engine gives it back: without its rights."""
    return replace(entry, tokens=frozenset())
