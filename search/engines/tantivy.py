"""The embedded engine: an index in a directory, written by one worker, read by every web process.

Each generation is a directory; the file `<fingerprint>.live` names the one that answers, and is replaced in one step.
A removed entry leaves a grave: a document with its key and version, without text or rights, so that an older write that
comes late does not revive it.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import tantivy

from search import schema, text
from search.documents import from_json
from search.matching import AllOf, Best, Fact, Node, Part, Phrase, Term, plan
from search.ports import EngineDown, Entry, Held, Hit, Page, Prepared, Query, Sort
from search.preparation import flat

HEAP = 64 * 1024 * 1024
LOAD_HEAP = 256 * 1024 * 1024
LOAD_COMMIT = 400_000_000
LEAST_FREE = 2 * 1024**3
"""A rebuild needs room for a second index."""
DEEPEST = 10_000
FACET_VALUES = 1_000
FEW_TERMS = 32
MUST, SHOULD, NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
SORT_FIELDS = {
    Sort.TEXTBOOK: ("position", tantivy.Order.Asc),
    Sort.NEWEST: ("published", tantivy.Order.Desc),
    Sort.MOST_USED: ("uses", tantivy.Order.Desc),
    Sort.MOST_CITED: ("citations", tantivy.Order.Desc),
}


class TantivyEngine:
    """The generation that is live, or the one named."""

    counts_apart = True

    def __init__(self, root: Path, generation: str = "") -> None:
        self.root, self.generation = root, generation
        self.schema = build_schema()
        self._opened = ""
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._stamp = 0

    # Admin

    @property
    def path(self) -> Path:
        return self.root / (self.generation or self.live() or "nothing-live")

    def exists(self) -> bool:
        return (self.path / "meta.json").exists()

    def create(self) -> None:
        if self.exists():
            return
        self._forget()
        name = self.generation or schema.next_generation(self.generations())
        place = self.root / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        _tokenizer(tantivy.Index(self.schema, path=str(place)))
        if not self.generation:
            self.promote(name)

    def drop(self) -> None:
        self._forget()
        if self.generation:
            shutil.rmtree(self.path, ignore_errors=True)
            return
        self._pointer().unlink(missing_ok=True)
        for name in self.generations():
            if schema.is_readable(name):
                shutil.rmtree(self.root / name, ignore_errors=True)

    def ailments(self) -> Sequence[str]:
        free = shutil.disk_usage(self.root if self.root.exists() else self.root.parent).free
        return (f"磁盘只剩 {free // 2**20} MB",) if free < LEAST_FREE else ()

    def count(self) -> int:
        return _total(self._searcher().search(self._term("alive", "yes"), limit=1))

    def refresh(self) -> None:
        self._open().reload()

    def live(self) -> str:
        try:
            return self._pointer().read_text(encoding="ascii")
        except FileNotFoundError:
            return ""

    def generations(self) -> Sequence[str]:
        found = [place.name for place in self.root.iterdir() if place.is_dir()] if self.root.is_dir() else []
        return sorted(found)

    def at(self, generation: str) -> "TantivyEngine":
        return TantivyEngine(self.root, generation)

    def promote(self, generation: str) -> None:
        pointer = self._pointer()
        fresh = pointer.with_suffix(".next")
        with fresh.open("w", encoding="ascii") as opened:
            opened.write(generation)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(pointer)

    def held(self, keys: Sequence[str] | None = None) -> Iterator[Held]:
        searcher = self._searcher()
        wanted = tantivy.Query.all_query() if keys is None else self._keys(keys)
        found = searcher.search(wanted, limit=max(searcher.num_docs, 1), count=False)
        addresses = [address for _, address in found.hits]
        versions = searcher.fast_field_values("version", addresses)
        for address, version in zip(addresses, versions, strict=True):
            values = searcher.doc(address).to_dict()
            entry = values.get("entry", [""])[0]
            yield Held(values["key"][0], int(version or 0), entry, frozenset(values.get("tokens", [])))

    def release(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
        self._forget()

    def _pointer(self) -> Path:
        return self.root / f"{schema.fingerprint()}.live"

    # Writer

    def write(self, entries: Iterable[Entry]) -> Mapping[str, str]:
        newest: dict[str, Entry] = {}
        for entry in entries:
            if entry.version >= newest.get(entry.key, entry).version:
                newest[entry.key] = entry
        known = self._versions(newest)
        self._replace(
            {key: _filled(entry) for key, entry in newest.items() if entry.version >= known.get(key, entry.version)}
        )
        return {}

    def load(self, prepared: Iterable[Prepared]) -> Iterator[Mapping[str, str]]:
        """Additions alone; committed at the end of each million characters of waiting text, and at the end."""
        writer = self._writing(LOAD_HEAP)
        waiting = 0
        for one in prepared:
            writer.add_json(one.body)
            waiting += len(one.body)
            if waiting > LOAD_COMMIT:
                writer.commit()
                waiting = 0
            yield {}
        writer.commit()

    def delete(self, keys: Mapping[str, int]) -> Mapping[str, str]:
        known = self._versions(keys)
        self._replace(
            {key: _grave(key, version) for key, version in keys.items() if version >= known.get(key, version)}
        )
        return {}

    def _replace(self, documents: Mapping[str, tantivy.Document]) -> None:
        if not documents:
            return
        try:
            writer = self._writing()
            for key, found in documents.items():
                writer.delete_documents_by_term("key", key)
                writer.add_document(found)
            writer.commit()
        except BaseException:
            # What was added is not committed: a new writer starts from the last commit.
            self._forget()
            raise
        self._open().reload()

    def _versions(self, keys: Iterable[str]) -> dict[str, int]:
        searcher = self._searcher()
        wanted = list(keys)
        found: dict[str, int] = {}
        for start in range(0, len(wanted), DEEPEST):
            some = self._keys(wanted[start : start + DEEPEST])
            addresses = [address for _, address in searcher.search(some, limit=DEEPEST, count=False).hits]
            versions = searcher.fast_field_values("version", addresses)
            for address, version in zip(addresses, versions, strict=True):
                found[searcher.doc(address)["key"][0]] = int(version or 0)
        return found

    # Reader

    def search(self, query: Query) -> Page:
        if not query.tokens:
            return Page()
        searcher, question, chosen = self.question(query)
        hits, total = self._hits(searcher, question, query)
        return Page(
            hits=hits,
            total=total,
            facets=self._facets(searcher, query, chosen),
            folds=self._folds(searcher, hits, query),
        )

    def question(self, query: Query) -> tuple[tantivy.Searcher, tantivy.Query, list[tantivy.Query]]:
        """A query in tantivy's words: what is put to the searcher, and the part of it that chosen filters do not touch."""
        match = plan(query)
        rights = self._rights(query.tokens, adaptations=query.include_adaptations)
        chosen = [rights, self._chosen(match.must, match.must_not)]
        wanted = [*chosen, *self._filters(query.filters).values()]
        scored = [(SHOULD, self._scoring(part)) for part in match.score] if query.sort is Sort.RELEVANCE else []
        question = tantivy.Query.boolean_query([(MUST, _silent(part)) for part in wanted] + scored)
        return self._searcher(), question, chosen

    def facets(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        if not query.tokens:
            return {}
        searcher, _, chosen = self.question(replace(query, sort=Sort.NEWEST))
        return self._facets(searcher, query, chosen)

    def version(self) -> str:
        self._searcher()
        return f"{self._opened}:{self._stamp}"

    def suggest(self, prefix: str, tokens: frozenset[str], limit: int) -> Sequence[Hit]:
        wanted = text.whole(text.normalise(prefix))
        if not wanted or not tokens:
            return []
        searcher = self._searcher()
        question = _all([self._term("prefixes", wanted), self._rights(tokens, adaptations=False)])
        found = searcher.search(question, limit=limit, count=False, order_by_field="uses")
        entries = [from_json(searcher.doc(address)["entry"][0]) for _, address in found.hits]
        return [Hit(entry.key, 0.0, entry) for entry in sorted(entries, key=lambda entry: (-entry.uses, entry.key))]

    def _hits(self, searcher: tantivy.Searcher, question: tantivy.Query, query: Query) -> tuple[tuple[Hit, ...], int]:
        limit, offset = max(query.limit, 1), min(query.offset, DEEPEST)
        if query.sort is Sort.RELEVANCE:
            found = searcher.search(question, limit=limit, offset=offset)
        else:
            field, order = SORT_FIELDS[query.sort]
            found = searcher.search(question, limit=limit, offset=offset, order_by_field=field, order=order)
        hits = []
        for score, address in found.hits[: query.limit]:
            entry = from_json(searcher.doc(address)["entry"][0])
            hits.append(Hit(entry.key, float(score or 0.0), entry))
        return tuple(hits), _total(found)

    def _facets(self, searcher: tantivy.Searcher, query: Query, base: list[tantivy.Query]) -> dict[str, dict[str, int]]:
        """Facets without a filter of their own share one pass; each of the others needs one for itself."""
        filters = self._filters(query.filters)
        free = [name for name in query.facets if name not in filters]
        found = _count(searcher, _all([*base, *filters.values()]), free) if free else {}
        for name in query.facets:
            if name in filters:
                others = [part for facet, part in filters.items() if facet != name]
                found |= _count(searcher, _all([*base, *others]), [name])
        return found

    def _folds(self, searcher: tantivy.Searcher, hits: Sequence[Hit], query: Query) -> dict[str, int]:
        wanted = sorted({hit.entry.fold for hit in hits if hit.entry.primary} - {""})
        if not wanted:
            return {}
        question = _all(
            [
                self._rights(query.tokens, adaptations=True),
                self._term("primary", "no"),
                self._any_of("fold", wanted),
            ]
        )
        counts = _buckets(searcher, question, {"fold": "fold"})["fold"]
        return {fold: count for fold, count in counts.items() if fold in wanted}

    # The tree in tantivy's words

    def _chosen(self, must: Node | None, must_not: Sequence[Node]) -> tantivy.Query:
        wanted = tantivy.Query.all_query() if must is None else self._node(must)
        return tantivy.Query.boolean_query([(MUST, wanted), *((NOT, self._node(node)) for node in must_not)])

    def _node(self, node: Node) -> tantivy.Query:
        if isinstance(node, Term):
            return self._term(node.field, node.token)
        if isinstance(node, Phrase):
            if len(node.tokens) == 1:
                return self._term("exact", node.tokens[0])
            return tantivy.Query.phrase_query(self.schema, "exact", list(node.tokens))
        if isinstance(node, AllOf):
            return _all([self._node(inner) for inner in node.nodes])
        return tantivy.Query.boolean_query(
            [(SHOULD, self._node(inner)) for inner in node.nodes], minimum_number_should_match=node.minimum
        )

    def _scoring(self, part: Part) -> tantivy.Query:
        if isinstance(part, Fact):
            fact = tantivy.Query.term_set_query(self.schema, part.field, [part.value])
            return tantivy.Query.const_score_query(fact, part.weight)
        if isinstance(part, Best):
            return tantivy.Query.disjunction_max_query([self._scoring(term) for term in part.terms])
        return tantivy.Query.boost_query(self._term(part.field, part.token), part.weight)

    def _term(self, field: str, token: str) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, field, token, "freq")

    def _rights(self, tokens: Iterable[str], *, adaptations: bool) -> tantivy.Query:
        allowed = self._any_of("tokens", sorted(tokens))
        return allowed if adaptations else _all([allowed, self._term("primary", "yes")])

    def _any_of(self, field: str, values: Sequence[str]) -> tantivy.Query:
        """A few terms are met on the way; many are cheaper gathered first."""
        if len(values) > FEW_TERMS:
            return tantivy.Query.term_set_query(self.schema, field, list(values))
        return tantivy.Query.boolean_query([(SHOULD, self._term(field, value)) for value in values])

    def _filters(self, filters: Mapping[str, tuple[str, ...]]) -> dict[str, tantivy.Query]:
        return {name: self._any_of(schema.facet_field(name), values) for name, values in filters.items() if values}

    def _keys(self, keys: Sequence[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self.schema, "key", list(keys))

    # The files

    def _forget(self) -> None:
        self._index = self._writer = None

    def _open(self) -> tantivy.Index:
        """The index of the generation that answers now; another process may have promoted one."""
        name = self.generation or self.live()
        if name != self._opened:
            self._forget()
            self._opened = name
        if self._index is None:
            if not self.exists():
                raise EngineDown(f"no index in {self.path}")
            try:
                self._index = tantivy.Index.open(str(self.root / name))
            except ValueError as problem:
                raise EngineDown(str(problem)) from problem
            _tokenizer(self._index)
        return self._index

    def _searcher(self) -> tantivy.Searcher:
        """A searcher over the newest commit; another process may have made it."""
        index = self._open()
        try:
            stamp = (self.root / self._opened / "meta.json").stat().st_mtime_ns
        except FileNotFoundError as problem:
            self._forget()
            raise EngineDown(f"the index in {self.path} is gone") from problem
        if stamp != self._stamp:
            index.reload()
            self._stamp = stamp
        return index.searcher()

    def _writing(self, heap: int = HEAP) -> tantivy.IndexWriter:
        index = self._open()
        if self._writer is None:
            try:
                self._writer = index.writer(heap_size=heap, num_threads=1)
            except ValueError as problem:
                raise EngineDown(f"another process writes {self.path}: {problem}") from problem
        return self._writer


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in schema.FIELDS:
        match field.kind:
            case schema.FieldKind.TOKENS:
                builder.add_text_field(field.name, tokenizer_name="blanks", index_option="freq")
            case schema.FieldKind.POSITIONS:
                builder.add_text_field(field.name, tokenizer_name="blanks", index_option="position")
            case schema.FieldKind.KEYWORD:
                stored = field.name in {"key", "tokens"}
                builder.add_text_field(field.name, stored=stored, fast=True, tokenizer_name="raw", index_option="basic")
            case schema.FieldKind.NUMBER:
                builder.add_unsigned_field(field.name, indexed=True, fast=True)
            case schema.FieldKind.STORED:
                builder.add_text_field(field.name, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _tokenizer(index: tantivy.Index) -> None:
    index.register_tokenizer("blanks", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def _filled(entry: Entry) -> tantivy.Document:
    found = tantivy.Document()
    for name, value in flat(entry).items():
        if isinstance(value, int):
            found.add_unsigned(name, value)
        else:
            for one in [value] if isinstance(value, str) else value:
                found.add_text(name, one)
    return found


def _grave(key: str, version: int) -> tantivy.Document:
    found = tantivy.Document()
    found.add_text("key", key)
    found.add_unsigned("version", version)
    return found


def _total(found: Any) -> int:
    return int(found.count or 0)


def _all(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(MUST, part) for part in parts])


def _silent(part: tantivy.Query) -> tantivy.Query:
    """A condition that adds nothing to the score."""
    return tantivy.Query.const_score_query(part, 0.0)


def _count(searcher: tantivy.Searcher, question: tantivy.Query, facets: Iterable[str]) -> dict[str, dict[str, int]]:
    return _buckets(searcher, question, {name: schema.facet_field(name) for name in facets})


def _buckets(
    searcher: tantivy.Searcher, question: tantivy.Query, fields: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    """Name → value → number of documents, for several fields in one pass."""
    asked = {name: {"terms": {"field": field, "size": FACET_VALUES}} for name, field in fields.items()}
    found = searcher.aggregate(question, asked)
    return {name: {bucket["key"]: int(bucket["doc_count"]) for bucket in found[name]["buckets"]} for name in fields}
