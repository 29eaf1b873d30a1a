"""The view that is compared with: Flask on tantivy, by hand, as short as it gets.

No validation, no links, no names resolved, no problem documents; the same hits, totals,
facets and timelines. Served by gunicorn with Dateline's own settings.
"""

from __future__ import annotations

from pathlib import Path
from threading import local

import orjson
from flask import Flask, Response, request

from scripts.bench.asking import Asker, wanted_of
from scripts.bench.bare import Rows


def create(folder: str) -> Flask:
    """Return the application over a folder that `bare.build` made."""
    app = Flask("minimal", static_folder=None)
    asker = Asker(Path(folder))
    own = local()

    @app.get("/ask")
    def ask() -> Response:
        wanted = wanted_of(request.args.items(multi=True))
        got = asker.ask(wanted, asker.query(wanted), asker.others(wanted))
        if not hasattr(own, "rows"):
            own.rows = Rows(Path(folder))
        items = [orjson.Fragment(head) for head in own.rows.heads(got.numbers)]
        answer = {"total": got.total, "items": items, "next": got.last, **got.counts}
        return Response(orjson.dumps(answer), mimetype="application/json")

    @app.get("/empty")
    def empty() -> Response:
        return Response(b"{}", mimetype="application/json")

    return app
