"""The engine of a city: an Elasticsearch index of the same fields, asked through the low-level client.

Bodies are built with the DSL and sent as plain dictionaries. Versions are the outbox's own (external); a deletion keeps
its version for `gc_deletes`, longer than any retry, so that a late older write does not revive it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError, helpers
from elasticsearch_dsl import Q, Search

from search import schema, text
from search.documents import from_json
from search.matching import AllOf, AnyOf, Best, Fact, Match, Node, Part, Phrase, Term, plan
from search.ports import EngineDown, EngineRefusal, Entry, Held, Hit, Page, Prepared, Query, Sort
from search.preparation import flat

DEEPEST = 9_000
FACET_VALUES = 1_000
BAD, NOT_FOUND, CONFLICT, TOO_LARGE = 400, 404, 409, 413
SCAN = 500
LOAD_ITEMS, LOAD_BYTES = 500, 4 * 1024 * 1024
REFUSALS = frozenset({BAD, TOO_LARGE})
"""What is wrong with a question or a document itself; every other failure is the server's."""
ASKING_SECONDS, WRITING_SECONDS = 0.7, 10.0
"""A node that is silent this long is left for the next one: the page's own budget has room for two."""
Answer = TypeVar("Answer")

COLOURS = {
    "yellow": "集群是黄色：有副本没有放好，再停一台就可能搜不了",
    "red": "集群是红色：有一部分索引不在，找资源只按标题查",
}
READ_ONLY = "索引是只读的，多半是磁盘快满了：新的改动先存着，写不进检索"

SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "200ms",
    "gc_deletes": "24h",
}
ORDERS: dict[Sort, list[dict[str, str]]] = {
    Sort.RELEVANCE: [{"_score": "desc"}, {"key": "asc"}],
    Sort.TEXTBOOK: [{"position": "asc"}, {"key": "asc"}],
    Sort.NEWEST: [{"published": "desc"}, {"key": "asc"}],
    Sort.MOST_USED: [{"uses": "desc"}, {"key": "asc"}],
    Sort.MOST_CITED: [{"citations": "desc"}, {"key": "asc"}],
}
MAPPINGS: dict[schema.FieldKind, dict[str, Any]] = {
    schema.FieldKind.TOKENS: {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
    schema.FieldKind.POSITIONS: {
        "type": "text",
        "analyzer": "whitespace",
        "index_options": "positions",
        "norms": False,
    },
    schema.FieldKind.KEYWORD: {"type": "keyword"},
    schema.FieldKind.NUMBER: {"type": "long"},
    schema.FieldKind.STORED: {"type": "keyword", "index": False, "doc_values": False},
}


def connect(url: str, ca: str = "") -> Elasticsearch:
    """A client that tries the other nodes before it gives up; several addresses are separated by commas.

    Name and password stand in the address; `ca` is the file of the authority that signed the servers' certificates.
    """
    return Elasticsearch(
        [host.strip() for host in url.split(",")],
        ca_certs=ca or DEFAULT,
        request_timeout=WRITING_SECONDS,
        retry_on_timeout=True,
        max_retries=3,
        retry_on_status=(429, 502, 503, 504),
    )


class ElasticsearchEngine:
    """The generation behind the alias, or the one named. Indices are called by a prefix, the schema and a number."""

    counts_apart = False

    def __init__(self, client: Elasticsearch, prefix: str = "gongbei", generation: str = "") -> None:
        self.client, self.prefix, self.generation = client, prefix, generation
        self.asking = client.options(request_timeout=ASKING_SECONDS)
        self.alias = f"{prefix}-{schema.fingerprint()}-live"
        self.index = f"{prefix}-{generation}" if generation else self.alias

    # Admin

    def exists(self) -> bool:
        return bool(_reach(partial(self.client.indices.exists, index=self.index)))

    def create(self) -> None:
        if self.exists():
            return
        name = self.generation or schema.next_generation(self.generations())
        mappings = {
            "dynamic": "strict",
            "_source": {"includes": ["entry"]},
            "properties": {field.name: MAPPINGS[field.kind] for field in schema.FIELDS},
        }
        index = f"{self.prefix}-{name}"
        _reach(partial(self.client.indices.create, index=index, settings=SETTINGS, mappings=mappings))
        if not self.generation:
            self.promote(name)

    def drop(self) -> None:
        """One by one: a server may forbid to delete by pattern."""
        names = [self.generation] if self.generation else [n for n in self.generations() if schema.is_readable(n)]
        for name in names:
            index = f"{self.prefix}-{name}"
            _reach(partial(self.client.indices.delete, index=index, ignore_unavailable=True))

    def count(self) -> int:
        found = _reach(partial(self.client.count, index=self.index, query=Q("term", alive="yes").to_dict()))
        return int(found["count"])

    def ailments(self) -> Sequence[str]:
        health = _reach(partial(self.asking.cluster.health))
        blocks = _reach(partial(self.asking.indices.get_settings, index=self.index, name="index.blocks.*"))
        found = [COLOURS[health["status"]]] if health["status"] in COLOURS else []
        return (*found, READ_ONLY) if any(index["settings"] for index in blocks.values()) else tuple(found)

    def refresh(self) -> None:
        _reach(partial(self.client.indices.refresh, index=self.index))

    def live(self) -> str:
        try:
            found = self.client.indices.get_alias(name=self.alias)
        except NotFoundError:
            return ""
        except (TransportError, ApiError) as problem:
            raise EngineDown(str(problem)) from problem
        return max((index.removeprefix(f"{self.prefix}-") for index in found), default="")

    def generations(self) -> Sequence[str]:
        found = _reach(partial(self.client.indices.get, index=f"{self.prefix}-*", expand_wildcards="all"))
        names = (index.removeprefix(f"{self.prefix}-") for index in found)
        return sorted(name for name in names if schema.number_of(name))

    def at(self, generation: str) -> "ElasticsearchEngine":
        return ElasticsearchEngine(self.client, self.prefix, generation)

    def promote(self, generation: str) -> None:
        index = f"{self.prefix}-{generation}"
        moves = [
            {"remove": {"index": f"{self.prefix}-*", "alias": self.alias, "must_exist": False}},
            {"add": {"index": index, "alias": self.alias, "is_write_index": True}},
        ]
        _reach(partial(self.client.indices.update_aliases, actions=moves))

    def held(self, keys: Sequence[str] | None = None) -> Iterator[Held]:
        wanted = Q("match_all") if keys is None else Q("terms", key=list(keys))
        body = {"query": wanted.to_dict(), "_source": ["entry"], "docvalue_fields": ["key", "version", "tokens"]}
        try:
            for hit in helpers.scan(self.client, index=self.index, query=body, size=SCAN):
                values = hit["fields"]
                yield Held(
                    values["key"][0],
                    int(values["version"][0]),
                    hit["_source"]["entry"],
                    frozenset(values.get("tokens", [])),
                )
        except (ApiError, TransportError, helpers.ScanError) as problem:
            raise EngineDown(str(problem)) from problem

    def release(self) -> None:
        """The server does what is left."""

    # Writer

    def write(self, entries: Iterable[Entry]) -> Mapping[str, str]:
        lines: list[dict[str, Any]] = []
        for entry in entries:
            lines.append({"index": _register(entry.key, entry.version)})
            lines.append(flat(entry))
        return self._bulk(lines)

    def delete(self, keys: Mapping[str, int]) -> Mapping[str, str]:
        return self._bulk([{"delete": _register(key, version)} for key, version in keys.items()])

    def load(self, prepared: Iterable[Prepared]) -> Iterator[Mapping[str, str]]:
        """On two connections; the answer to every item is looked at."""
        if not self.exists():
            raise EngineDown(f"no index {self.index}")
        # The client's types know no raw lines; its serialiser passes them on as they are.
        actions: Any = prepared
        try:
            answers = helpers.parallel_bulk(
                self.client,
                actions,
                thread_count=2,
                chunk_size=LOAD_ITEMS,
                max_chunk_bytes=LOAD_BYTES,
                raise_on_error=False,
                expand_action_callback=_line,
                index=self.index,
            )
            for _, item in answers:
                yield _verdict(item)
        except (ApiError, TransportError) as problem:
            raise EngineDown(str(problem)) from problem

    def _bulk(self, lines: list[dict[str, Any]]) -> dict[str, str]:
        if not lines:
            return {}
        if not self.exists():
            raise EngineDown(f"no index {self.index}")
        refused: dict[str, str] = {}
        for item in _reach(partial(self.client.bulk, index=self.index, operations=lines))["items"]:
            refused |= _verdict(item)
        return refused

    # Reader

    def search(self, query: Query) -> Page:
        if not query.tokens:
            return Page()
        found = self._ask(self.body(query))
        hits = tuple(
            Hit(entry.key, float(hit["_score"] or 0.0), entry)
            for hit in found["hits"]["hits"]
            for entry in [from_json(hit["_source"]["entry"])]
        )
        return Page(
            hits=hits,
            total=int(found["hits"]["total"]["value"]),
            facets={name: _counts(found["aggregations"][name]["values"]) for name in query.facets},
            folds=self._folds(hits, query),
        )

    def facets(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        return self.search(replace(query, offset=0, limit=0)).facets

    def version(self) -> str:
        """Other nodes refresh when they like: nothing that is known here says what the next search will see."""
        return ""

    def suggest(self, prefix: str, tokens: frozenset[str], limit: int) -> Sequence[Hit]:
        wanted = text.whole(text.normalise(prefix))
        if not wanted or not tokens:
            return []
        asked = Search().query("bool", filter=[Q("term", prefixes=wanted), *_rights(tokens, adaptations=False)])
        found = self._ask(asked.sort(*ORDERS[Sort.MOST_USED]).source(["entry"])[:limit].to_dict())
        entries = [from_json(hit["_source"]["entry"]) for hit in found["hits"]["hits"]]
        return [Hit(entry.key, 0.0, entry) for entry in entries]

    def body(self, query: Query) -> dict[str, Any]:
        """What is sent. Facet filters come after the aggregations, each of which applies the filters of the others."""
        filters = _filters(query.filters)
        asked = Search().query(_question(plan(query), query)).post_filter("bool", filter=list(filters.values()))
        for name in query.facets:
            others = [part for facet, part in filters.items() if facet != name]
            asked.aggs.bucket(name, "filter", filter=Q("bool", filter=others)).bucket(
                "values", "terms", field=schema.facet_field(name), size=FACET_VALUES
            )
        offset = min(query.offset, DEEPEST)
        asked = asked.sort(*ORDERS[query.sort]).source(["entry"]).extra(track_total_hits=True)
        return dict(asked[offset : offset + query.limit].to_dict())

    def _folds(self, hits: Sequence[Hit], query: Query) -> dict[str, int]:
        wanted = sorted({hit.entry.fold for hit in hits if hit.entry.primary} - {""})
        if not wanted:
            return {}
        conditions = [*_rights(query.tokens, adaptations=True), Q("term", primary="no"), Q("terms", fold=wanted)]
        asked = Search().query("bool", filter=conditions)[:0]
        asked.aggs.bucket("values", "terms", field="fold", size=len(wanted))
        return _counts(self._ask(asked.to_dict())["aggregations"]["values"])

    def _ask(self, body: dict[str, Any]) -> Any:
        """The whole answer or none: what a part of the shards knows would be a wrong count."""
        asked = partial(self.asking.search, index=self.index, body=body, allow_partial_search_results=False)
        try:
            found = _reach(asked).body
        except ApiError as problem:
            raise EngineRefusal(str(problem)) from problem
        if not isinstance(found, dict) or "hits" not in found:
            raise EngineDown("the answer is none of a search engine")
        if found.get("timed_out") or found["_shards"]["failed"]:
            raise EngineDown("a part of the index did not answer")
        return found


def _reach(call: Callable[[], Answer]) -> Answer:
    """Do a call; whatever keeps the server from answering is one exception to the site."""
    try:
        return call()
    except (NotFoundError, TransportError) as problem:
        raise EngineDown(str(problem)) from problem
    except ApiError as problem:
        if problem.status_code in REFUSALS:
            raise
        raise EngineDown(str(problem)) from problem


def _register(key: str, version: int) -> dict[str, Any]:
    return {"_id": key, "version": version, "version_type": "external_gte"}


def _line(one: Any) -> tuple[dict[str, Any], Any]:
    """A `Prepared` as its two lines."""
    return {"index": _register(one.key, one.version)}, one.body


def _verdict(item: Mapping[str, Any]) -> dict[str, str]:
    """The answer to one item of a bulk: nothing, or its key and why it was refused.

    Raises:
        EngineDown: the server could not do it now.
    """
    ((deed, result),) = item.items()
    status = result["status"]
    if status < 400 or status == CONFLICT or (deed, status) == ("delete", NOT_FOUND):
        return {}
    if status in REFUSALS:
        return {result["_id"]: str(result.get("error"))}
    raise EngineDown(str(result.get("error")))


def _question(match: Match, query: Query) -> Any:
    conditions = _rights(query.tokens, adaptations=query.include_adaptations)
    if match.must is not None:
        conditions.append(_node(match.must))
    scored = [_scoring(part) for part in match.score] if query.sort is Sort.RELEVANCE else []
    return Q("bool", filter=conditions, must_not=[_node(node) for node in match.must_not], should=scored)


def _rights(tokens: Iterable[str], *, adaptations: bool) -> list[Any]:
    allowed = [Q("terms", tokens=sorted(tokens))]
    return allowed if adaptations else [*allowed, Q("term", primary="yes")]


def _filters(filters: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {name: Q("terms", **{schema.facet_field(name): list(values)}) for name, values in filters.items() if values}


def _node(node: Node) -> Any:
    if isinstance(node, Term):
        return Q("term", **{node.field: node.token})
    if isinstance(node, Phrase):
        return Q("match_phrase", exact=" ".join(node.tokens))
    if isinstance(node, AllOf):
        return Q("bool", filter=[_node(inner) for inner in node.nodes])
    return _any(node)


def _any(node: AnyOf) -> Any:
    return Q("bool", should=[_node(inner) for inner in node.nodes], minimum_should_match=node.minimum)


def _scoring(part: Part) -> Any:
    if isinstance(part, Fact):
        return Q("constant_score", filter=Q("term", **{part.field: part.value}), boost=part.weight)
    if isinstance(part, Best):
        return Q("dis_max", queries=[_scoring(term) for term in part.terms])
    return Q("term", **{part.field: {"value": part.token, "boost": part.weight}})


def _counts(aggregation: Any) -> dict[str, int]:
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in aggregation["buckets"]}
