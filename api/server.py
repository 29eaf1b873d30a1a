"""gunicorn, started from any folder: `python -P -m api.server -c … api.wsgi:application`."""

from __future__ import annotations

from gunicorn.app.wsgiapp import WSGIApplication


class Server(WSGIApplication):
    """gunicorn that does not import what lies where its caller stands."""

    def chdir(self) -> None:
        """Stay here: gunicorn's own would put this folder first in `sys.path`."""


if __name__ == "__main__":
    Server("%(prog)s [OPTIONS] [APP_MODULE]").run()
