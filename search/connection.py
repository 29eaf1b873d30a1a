"""The way to an engine: the only module that names them all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field as data
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from search.engine import Engine
from search.errors import EngineConfigurationError, EngineError

_ARCHIVE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens a cluster: a key, or a user with a password, and whom to trust."""

    key: str | None = data(default=None, repr=False)
    user: str | None = None
    password: str | None = data(default=None, repr=False)
    authority: str | None = None
    fingerprint: str | None = None


def connect(url: str, credentials: Credentials | None = None) -> Engine:
    """Return the engine that the address names: `embedded:FOLDER`, or one or several
    nodes of an Elasticsearch, `http(s)://HOST:PORT[/ARCHIVE][,…]`.

    The folder or the archive is made by the first use. Raises
    EngineConfigurationError for an address of another kind, and for a server that
    answers and cannot be used.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "embedded" and rest:
        from search.embedded.engine import EmbeddedEngine

        return EmbeddedEngine(Path(rest))
    if scheme in ("http", "https"):
        return _elastic(url, credentials or Credentials())
    raise EngineConfigurationError(
        f"There is no engine for the address {url!r}. Possible are embedded:FOLDER, "
        "for example embedded:data, and http://HOST:9200."
    )


def _elastic(url: str, credentials: Credentials) -> Engine:
    from search.elastic.cluster import Access
    from search.elastic.engine import ALIAS, ElasticEngine

    hosts, archive = _hosts(url)
    access = Access(
        hosts,
        credentials.key,
        credentials.user,
        credentials.password,
        credentials.authority,
        credentials.fingerprint,
    )
    engine = ElasticEngine(access, archive or ALIAS)
    try:
        engine.check()
    except EngineConfigurationError:
        engine.close()
        raise
    except EngineError:  # it is away: whoever asks is told so, until it comes back
        return engine
    return engine


def _hosts(url: str) -> tuple[tuple[str, ...], str]:
    """Return the nodes' addresses and the archive that they agree on."""
    hosts, archives = [], set()
    for each in url.split(","):
        parts = urlsplit(each.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _wrong(each)
        if parts.username or parts.query or parts.fragment:
            raise _wrong(each)
        hosts.append(f"{parts.scheme}://{parts.hostname}:{_port(each)}")
        if archive := parts.path.strip("/"):
            archives.add(archive)
    if len(archives) > 1 or not all(map(_ARCHIVE.fullmatch, archives)):
        raise _wrong(url)
    return tuple(hosts), "".join(archives)


def _port(url: str) -> int:
    try:
        return urlsplit(url.strip()).port or 9200
    except ValueError:
        raise _wrong(url) from None


def _wrong(url: str) -> EngineConfigurationError:
    return EngineConfigurationError(
        f"The address {url!r} names no node of a cluster: write http://HOST:9200, "
        "several with a comma between; the key has settings of its own."
    )


def folder_of(url: str) -> Path | None:
    """Return the folder of an engine that has one on this machine, None for others."""
    scheme, _, rest = url.partition(":")
    return Path(rest) if scheme == "embedded" and rest else None
