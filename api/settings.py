"""The settings: frozen, and the only place that reads the environment.

Every setting is one row of `SETTINGS`; `dateline doctor` prints the same table.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field as data
from pathlib import Path
from typing import Any

from environs import Env, EnvValidationError, validate

from search.connection import Credentials
from search.entities.labelling import NAMINGS, Naming
from search.query.nearest import nearest

PREFIX = "DATELINE_"


class SettingsError(Exception):
    """Settings that cannot be used; the text names every wrong variable, one a line."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process was told to run. Secrets never show in a repr."""

    engine: str = "embedded:data"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 16
    write_key: str | None = data(default=None, repr=False)
    log: str = "json"
    head_seconds: int = 5
    body_seconds: int = 10
    request_seconds: int = 30
    names: Naming = "auto"
    proxies: str = ""
    origins: str = "local"
    engine_key: str | None = data(default=None, repr=False)
    engine_user: str = ""
    engine_password: str | None = data(default=None, repr=False)
    engine_ca: str = ""
    engine_fingerprint: str = ""

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def writable(self) -> bool:
        """Whether anybody may write: with a key, or without one from this machine."""
        return self.write_key is not None or self.loopback

    @property
    def credentials(self) -> Credentials:
        """What opens the engine, where that is a cluster."""
        return Credentials(
            self.engine_key,
            self.engine_user or None,
            self.engine_password,
            self.engine_ca or None,
            self.engine_fingerprint or None,
        )

    @property
    def address(self) -> str:
        """The address as it stands in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table that people read."""

    variable: str
    value: str
    default: str
    meaning: str


MEANINGS = {
    "engine": "Where the articles are: embedded:FOLDER, or http(s)://HOST:9200[/ARCHIVE]"
    " of an Elasticsearch, several nodes with commas between.",
    "host": "The address to listen on. Others than this machine need a write key.",
    "port": "The port to listen on.",
    "workers": "Processes that answer. One or two a core.",
    "threads": "Threads of each process, so requests answered at a time.",
    "write_key": "The bearer key for writing; …_FILE names a file that holds it.",
    "log": "json (a JSON object a line), text (for people) or off, on stderr.",
    "head_seconds": "How long a client may take to send a request's head.",
    "body_seconds": "How long a client may be silent in a body or an answer.",
    "request_seconds": "How long a worker may be silent before it is replaced.",
    "names": "Which articles are searched for names when they come in: auto (those that"
    " bring no company, person or place), always or off.",
    "proxies": "Addresses of proxies whose X-Forwarded headers are believed.",
    "origins": "Whose pages may read in browsers (CORS): local (those of this machine), "
    "* (all), none, or https://ORIGIN with commas between.",
    "engine_key": "An API key of the cluster; …_FILE names a file that holds it.",
    "engine_user": "Instead of a key: a user of the cluster.",
    "engine_password": "The user's password; …_FILE names a file that holds it.",
    "engine_ca": "A file with the authority that signed the cluster's certificate.",
    "engine_fingerprint": "Instead: the SHA-256 fingerprint of that certificate.",
}

SECRETS = ("write_key", "engine_key", "engine_password")

SHORTEST_KEY = 16


_NOT_OURS = tuple(
    PREFIX + name for name in ("CACHE", "DATA", "NODES", "TEST_ELASTICSEARCH")
)
_METRICS = "PROMETHEUS_MULTIPROC_DIR"


def load() -> Settings:
    """Read the settings from this process's environment.

    An empty variable is one that is not set. Raises SettingsError that names all
    wrong variables at once.
    """
    env = Env(eager=False, prefix=PREFIX)
    values = {name: _read(env, name) for name in MEANINGS if name not in SECRETS}
    wrong = [*_unknown(), *_sealed(env)]
    for name in SECRETS:
        values[name], faults = _secret(name)
        wrong += faults
    wrong += _contradictions(values)
    if wrong:
        raise SettingsError("\n".join(wrong))
    return Settings(**values)


def overrule(options: dict[str, str]) -> None:
    """Let options of a command line win over the environment, here and in what we exec."""
    for name, value in options.items():
        os.environ[PREFIX + name.upper()] = value


def table(settings: Settings) -> list[Setting]:
    """Return every setting with value, default and meaning; secrets masked."""
    default = Settings()
    return [
        Setting(
            PREFIX + name.upper(),
            _shown(name, getattr(settings, name)),
            _shown(name, getattr(default, name)),
            meaning,
        )
        for name, meaning in MEANINGS.items()
    ]


def metrics_folder(folder: str | None = None) -> str | None:
    """Return where workers share their metrics; with `folder`, set it first.

    prometheus_client knows this place only from the environment, and reads it when it
    is imported: so it is set by gunicorn's configuration, before any worker starts.
    """
    if folder is not None:
        os.environ[_METRICS] = folder
    return os.environ.get(_METRICS)


def _read(env: Env, name: str) -> Any:
    default = getattr(Settings(), name)
    variable = name.upper()
    if not os.environ.get(PREFIX + variable, "").strip():
        return default
    if isinstance(default, int):
        return env.int(variable, validate=validate.Range(*_RANGES[name]))
    if name in _TEXTS:
        return (env.str(variable, validate=_TEXTS[name]) or "").strip()
    return env.str(variable).strip()


_TEXTS: dict[str, validate.Validator] = {
    "log": validate.OneOf(("json", "text", "off")),
    "names": validate.OneOf(NAMINGS),
    "origins": validate.Regexp(
        r"\s*(local|\*|none|https?://[^\s,/]+(\s*,\s*https?://[^\s,/]+)*)\s*$",
        error="Take local, *, none, or origins like https://example.org with commas "
        "between, without a path.",
    ),
}
_RANGES = {
    "port": (1, 65_535),
    "workers": (1, 64),
    "threads": (1, 256),
    "head_seconds": (1, 300),
    "body_seconds": (1, 300),
    "request_seconds": (5, 3_600),
}


def _sealed(env: Env) -> list[str]:
    try:
        env.seal()
    except EnvValidationError as error:
        return [
            f"{variable}: {' '.join(map(str, messages))}"
            for variable, messages in _messages(error).items()
        ]
    return []


def _messages(error: EnvValidationError) -> dict[str, list[str]]:
    messages: Any = error.error_messages
    return dict(messages)


def _unknown() -> list[str]:
    known = {PREFIX + name.upper() for name in MEANINGS}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS} | {*_NOT_OURS}
    return [
        f"{name}: there is no such setting.{_hint(name, known)}"
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in known
    ]


def _hint(name: str, known: set[str]) -> str:
    near = nearest(name, known)
    return f" Do you mean {near}?" if near else ""


def _contradictions(values: dict[str, Any]) -> list[str]:
    if values["engine_key"] and values["engine_user"]:
        return [
            f"{PREFIX}ENGINE_KEY: set it or {PREFIX}ENGINE_USER and "
            f"{PREFIX}ENGINE_PASSWORD, not both."
        ]
    if bool(values["engine_user"]) != bool(values["engine_password"]):
        return [f"{PREFIX}ENGINE_USER: it and {PREFIX}ENGINE_PASSWORD go together."]
    if values["engine_ca"] and not Path(values["engine_ca"]).is_file():
        return [f"{PREFIX}ENGINE_CA: there is no such file."]
    return []


def _secret(name: str) -> tuple[str | None, list[str]]:
    variable = PREFIX + name.upper()
    key = os.environ.get(variable, "").strip()
    path = os.environ.get(variable + "_FILE", "").strip()
    if key and path:
        return None, [f"{variable}: set it or {variable}_FILE, not both."]
    if path:
        variable += "_FILE"
        try:
            key = Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError):
            return None, [f"{variable}: the file cannot be read."]
        if not key:
            return None, [f"{variable}: the file is empty."]
    if key and name == "write_key" and not _strong(key):
        return None, [f"{variable}: take {SHORTEST_KEY} or more printable characters."]
    return key or None, []


def _strong(key: str) -> bool:
    return len(key) >= SHORTEST_KEY and key.isascii() and " " not in key


def _shown(name: str, value: object) -> str:
    if name in SECRETS:
        return "(set)" if value else "(not set)"
    return str(value) or "(none)"
