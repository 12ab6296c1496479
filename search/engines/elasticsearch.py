"""The engine of a city: an Elasticsearch index of the same fields, asked through the low-level client.

Bodies are built with the DSL and sent as plain dictionaries. Versions are the outbox's own (external); a deletion keeps
its version for `gc_deletes`, longer than any retry, so that a late older write does not revive it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch_dsl import Q, Search

from search import schema, text
from search.documents import document, from_json
from search.matching import AllOf, AnyOf, Best, Match, Node, Phrase, Term, plan
from search.ports import EngineDown, Entry, Hit, Page, Query, Sort

DEEPEST = 9_000
FACET_VALUES = 1_000
CONFLICT, NOT_FOUND = 409, 404
BUSY = 429
Answer = TypeVar("Answer")

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


def connect(url: str) -> Elasticsearch:
    """A client that tries the other nodes before it gives up; several addresses are separated by commas."""
    return Elasticsearch(
        [host.strip() for host in url.split(",")],
        request_timeout=10,
        retry_on_timeout=True,
        max_retries=3,
        retry_on_status=(429, 502, 503, 504),
    )


class ElasticsearchEngine:
    """One index, named by a prefix and the schema's fingerprint."""

    def __init__(self, client: Elasticsearch, prefix: str = "gongbei") -> None:
        self.client = client
        self.index = f"{prefix}-{schema.fingerprint()}"

    # Admin

    def exists(self) -> bool:
        return bool(_reach(partial(self.client.indices.exists, index=self.index)))

    def create(self) -> None:
        if self.exists():
            return
        mappings = {
            "dynamic": "strict",
            "_source": {"includes": ["entry"]},
            "properties": {field.name: MAPPINGS[field.kind] for field in schema.FIELDS},
        }
        _reach(partial(self.client.indices.create, index=self.index, settings=SETTINGS, mappings=mappings))

    def drop(self) -> None:
        _reach(partial(self.client.indices.delete, index=self.index, ignore_unavailable=True))

    def count(self) -> int:
        found = _reach(partial(self.client.count, index=self.index, query=Q("term", alive="yes").to_dict()))
        return int(found["count"])

    def refresh(self) -> None:
        _reach(partial(self.client.indices.refresh, index=self.index))

    # Writer

    def write(self, entries: Iterable[Entry]) -> Mapping[str, str]:
        lines: list[dict[str, Any]] = []
        for entry in entries:
            lines.append({"index": _register(entry.key, entry.version)})
            lines.append(_filled(entry))
        return self._bulk(lines)

    def delete(self, keys: Mapping[str, int]) -> Mapping[str, str]:
        return self._bulk([{"delete": _register(key, version)} for key, version in keys.items()])

    def _bulk(self, lines: list[dict[str, Any]]) -> dict[str, str]:
        if not lines:
            return {}
        if not self.exists():
            raise EngineDown(f"no index {self.index}")
        refused: dict[str, str] = {}
        for item in _reach(partial(self.client.bulk, index=self.index, operations=lines))["items"]:
            (result,) = item.values()
            if result["status"] == BUSY or result["status"] >= 500:
                raise EngineDown(str(result.get("error")))
            if result["status"] >= 400 and result["status"] not in (CONFLICT, NOT_FOUND):
                refused[result["_id"]] = str(result.get("error"))
        return refused

    # Reader

    def search(self, query: Query) -> Page:
        if not query.tokens:
            return Page()
        found = self._ask(self._body(query))
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

    def suggest(self, prefix: str, tokens: frozenset[str], limit: int) -> Sequence[Hit]:
        wanted = text.whole(text.normalise(prefix))
        if not wanted or not tokens:
            return []
        asked = Search().query("bool", filter=[Q("term", prefixes=wanted), *_rights(tokens, adaptations=False)])
        found = self._ask(asked.sort(*ORDERS[Sort.MOST_USED]).source(["entry"])[:limit].to_dict())
        entries = [from_json(hit["_source"]["entry"]) for hit in found["hits"]["hits"]]
        return [Hit(entry.key, 0.0, entry) for entry in entries]

    def _body(self, query: Query) -> dict[str, Any]:
        """Facet filters come after the aggregations, each of which applies the filters of the others."""
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
        return _reach(partial(self.client.search, index=self.index, body=body))


def _reach(call: Callable[[], Answer]) -> Answer:
    """Do a call; whatever keeps the server from answering is one exception to the site."""
    try:
        return call()
    except (NotFoundError, TransportError) as problem:
        raise EngineDown(str(problem)) from problem
    except ApiError as problem:
        if problem.status_code >= 500 or problem.status_code == BUSY:
            raise EngineDown(str(problem)) from problem
        raise


def _register(key: str, version: int) -> dict[str, Any]:
    return {"_id": key, "version": version, "version_type": "external_gte"}


def _filled(entry: Entry) -> dict[str, Any]:
    values = document(entry)
    keywords = {field.name for field in schema.FIELDS if field.kind is schema.FieldKind.KEYWORD}
    return {
        name: " ".join(value) if isinstance(value, list) and name not in keywords else value
        for name, value in values.items()
    }


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


def _scoring(part: Term | Best) -> Any:
    if isinstance(part, Best):
        return Q("dis_max", queries=[_scoring(term) for term in part.terms])
    return Q("term", **{part.field: {"value": part.token, "boost": part.weight}})


def _counts(aggregation: Any) -> dict[str, int]:
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in aggregation["buckets"]}
