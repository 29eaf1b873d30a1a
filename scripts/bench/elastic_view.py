"""The service that is compared with: Flask and elasticsearch-py, by hand, on our index.

No validation, no links, no names resolved, no problem documents. Its clauses are those
that one writes first; months are of thirty days, as the dates of the index are numbers.
A facet answers what the API's does: values, how many there are, articles without any, and
the counts of what is selected, also below the cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from flask import Flask, Response, jsonify, request

from scripts.bench.asking import BOOSTS, Wanted, wanted_of

_MONTH = 30 * 86_400_000


def create(url: str, archive: str) -> Flask:
    """Return the application over an archive that Dateline has loaded."""
    app = Flask("by hand", static_folder=None)
    cluster = Elasticsearch(url, connections_per_node=64)

    @app.get("/ask")
    def ask() -> Response:
        wanted = wanted_of(request.args.items(multi=True))
        answer = cluster.search(index=archive, **body(wanted))
        hits = answer["hits"]
        items = [json.loads(hit["_source"]["article"]["head"]) for hit in hits["hits"]]
        counts = dict(_counts(answer.get("aggregations", {})))
        return jsonify({"total": hits["total"]["value"], "items": items, **counts})

    @app.get("/export")
    def export() -> Response:
        count = int(request.args["count"])
        hits = islice(scan(cluster, index=archive, size=1000), count)
        lines = (f"{json.dumps(_whole(hit['_source']['article']))}\n" for hit in hits)
        return Response(lines, mimetype="application/x-ndjson")

    @app.get("/empty")
    def empty() -> Response:
        return Response(b"{}", mimetype="application/json")

    return app


def body(wanted: Wanted) -> dict[str, Any]:
    """Return the search."""
    filters = {
        field: {"terms": {field: list(ids)}} for field, ids in wanted.filters.items()
    }
    found: dict[str, Any] = {
        "query": {"bool": {"must": _words(wanted.words)}},
        "post_filter": {"bool": {"filter": list(filters.values())}},
        "track_total_hits": True,
        "source_excludes": ["article.body"],
        "from_": wanted.offset,
        "aggs": {field: _facet(field, filters) for field in wanted.facets},
    }
    if wanted.newest:
        found["sort"] = [{"published_second": "desc"}, {"arrival": "desc"}]
    if wanted.timeline:
        months = {"histogram": {"field": "published", "interval": _MONTH}}
        found["aggs"]["timeline"] = {"filter": {"match_all": {}}, "aggs": {"v": months}}
    return found


def _words(words: str) -> list[dict[str, Any]]:
    if words.startswith('"'):
        return [_anywhere("match_phrase", words.strip('"'))]
    return [_anywhere("match", word) for word in words.split()]


def _anywhere(kind: str, text: str) -> dict[str, Any]:
    each = [
        {kind: {name: {"query": text, "boost": boost}}}
        for name, boost in BOOSTS.items()
    ]
    return {"bool": {"should": each, "minimum_should_match": 1}}


def _facet(field: str, filters: dict[str, Any]) -> dict[str, Any]:
    others = [each for name, each in filters.items() if name != field]
    plans: dict[str, Any] = {
        "v": {"terms": {"field": field, "size": 10, "shard_size": 1000}},
        "distinct": {"cardinality": {"field": field}},
        "missing": {"missing": {"field": field}},
    }
    if field in filters:
        ids = filters[field]["terms"][field]
        plans["chosen"] = {"terms": {"field": field, "include": ids, "size": len(ids)}}
    return {"filter": {"bool": {"filter": others}}, "aggs": plans}


def _counts(aggregations: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, each in aggregations.items():
        values = each["v"]["buckets"]
        if "distinct" not in each:
            yield name, values
            continue
        yield (
            name,
            {
                "values": values + each.get("chosen", {}).get("buckets", []),
                "distinct": each["distinct"]["value"],
                "missing": each["missing"]["doc_count"],
            },
        )


def _whole(kept: dict[str, str]) -> dict[str, Any]:
    return {**json.loads(kept["head"]), "body": json.loads(kept.get("body") or "null")}
