"""Where `dateline` begins: so small that Ctrl-C is heard while the rest is loaded."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interrupt at any time ends it without a trace."""
    try:
        from scripts import cli  # noqa: PLC0415 - it takes a third of a second

        cli.main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
