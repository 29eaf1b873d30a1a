"""What gunicorn imports in every worker, after the fork."""

from __future__ import annotations

from api.app import create_app
from api.current import awaken
from api.logs import configure
from api.settings import load

settings = load()
configure(settings)
application = create_app(settings)
awaken(application)
