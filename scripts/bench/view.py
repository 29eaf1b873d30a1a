"""The view that is compared with: Flask on tantivy, by hand, as short as it gets.

No validation, no links, no names resolved, no problem documents; the same hits, totals,
facets and timelines. Served by gunicorn with Dateline's own settings.
"""

from __future__ import annotations

from pathlib import Path
from threading import local

import orjson
from flask import Flask, Response, request

from scripts.bench.asking import Asker, Wanted
from scripts.bench.bare import Rows


def create(folder: str) -> Flask:
    """Return the application over a folder that `bare.build` made."""
    app = Flask("minimal", static_folder=None)
    asker = Asker(Path(folder))
    own = local()

    @app.get("/ask")
    def ask() -> Response:
        given = request.args
        wanted = Wanted(
            words=given.get("q", ""),
            filters={
                field: given.getlist(field)
                for field in ("company", "tag", "place")
                if field in given
            },
            facets=given["facet"].split(",") if "facet" in given else (),
            timeline="interval" in given,
            newest=given.get("sort") == "newest",
            offset=10 * (int(given.get("page", 1)) - 1),
            before=int(given["before"]) if "before" in given else None,
        )
        others = {
            field: asker.query(wanted, without=field)
            for field in wanted.filters
            if field in wanted.facets
        }
        got = asker.ask(wanted, asker.query(wanted), others)
        if not hasattr(own, "rows"):
            own.rows = Rows(Path(folder))
        items = [orjson.Fragment(head) for head in own.rows.heads(got.numbers)]
        answer = {"total": got.total, "items": items, "next": got.last, **got.counts}
        return Response(orjson.dumps(answer), mimetype="application/json")

    @app.get("/empty")
    def empty() -> Response:
        return Response(b"{}", mimetype="application/json")

    return app
