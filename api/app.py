"""The application: read from top to bottom, this is all there is to a process."""

from __future__ import annotations

from api import (
    articles,
    counts,
    current,
    encoding,
    entities,
    facets,
    graph,
    guard,
    home,
    logs,
    metrics,
    origins,
    pages,
    quotes,
    searches,
    segments,
    significant,
    similar,
    suggest,
    system,
    timeline,
    told,
    translations,
)
from api.application import Application
from api.openapi import create_api
from api.settings import Settings
from search.connection import connect
from search.engine import Engine

_RESOURCES = (
    *(searches, articles, similar, quotes, counts, facets, timeline),
    *(significant, graph, entities, suggest, home),
)
LARGEST_BODY = 1 << 30


def create_app(settings: Settings, engine: Engine | None = None) -> Application:
    """Return the application; without an engine it connects to the settings' one.

    Raises search.errors.EngineConfigurationError if that cannot be used.
    """
    app = Application("dateline")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # a redirect would repeat the client's Host
    segments.register(app)
    current.equip(
        app, settings, engine or connect(settings.engine, settings.credentials)
    )
    logs.register(app)
    guard.register(app)
    encoding.register(app)
    origins.register(app)
    metrics.register(app)
    translations.register(app)
    told.register(app)  # last, so that it sees answers as the views made them
    api = create_api(app)
    for resource in _RESOURCES:
        api.register_blueprint(resource.blp, url_prefix="/v1")
    api.register_blueprint(system.blp)
    api.register_blueprint(pages.create(api))
    return app
