"""What became of many articles: the report, and the one way to index lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field as data
from datetime import datetime
from itertools import chain, islice
from typing import Any, TypeAlias

from marshmallow import Schema, fields, validate

from schemas.articles import load
from schemas.decode import decode
from schemas.formats.arriving import Arrival, Known, admit
from schemas.formats.drafts import Draft
from schemas.formats.ndjson import Line
from schemas.problems import Fault, FaultSchema, Invalid
from search.article import Article
from search.engine import Engine
from search.parts import parts

MOST_ERRORS = 1_000
"""How many failed lines are listed; the rest is counted."""

MOST_ITEMS = 100_000
"""How many lines `report=all` lists; the rest is counted."""

Foreign: TypeAlias = tuple[int, Draft]

Label: TypeAlias = Callable[[Iterable[Article]], list[Article]]
"""Returns articles as they are to be indexed, one for each, in order."""

_Numbered: TypeAlias = tuple[int, bytes | Fault | Draft]

_BATCH = 10_000
_READ = 500
_READ_BYTES = 16_000_000
_STATUSES = ("created", "updated", "unchanged", "failed")
_LONGEST_ID = 255


@dataclass(slots=True)
class Report:
    """What became of the lines so far."""

    everything: bool = False
    lines: int = 0
    warned: int = 0
    counts: Counter[str] = data(default_factory=Counter)
    errors: list[dict[str, Any]] = data(default_factory=list)
    warnings: list[dict[str, Any]] = data(default_factory=list)
    items: list[dict[str, Any]] = data(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many lines are articles that the engine took."""
        return self.counts.total() - self.counts["failed"] - self.counts["blank"]

    def note(
        self, line: int, status: str, article_id: str | None, version: int | None = None
    ) -> None:
        """Count a line; list it if all are asked for."""
        self.counts[status] += 1
        if self.everything and len(self.items) < MOST_ITEMS:
            item = {"line": line, "status": status, "id": article_id}
            self.items.append({**item, "version": version})

    def fail(self, line: int, article_id: str | None, faults: Iterable[Fault]) -> None:
        """Count a line that is no article, or that the engine refused."""
        self.note(line, "failed", article_id)
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(
                {"line": line, "id": article_id, "errors": _told(faults)}
            )

    def warn(self, line: int, article_id: str, faults: Sequence[Fault]) -> None:
        """Note what an importer has to say of an article."""
        self.warned += bool(faults)
        if faults and len(self.warnings) < MOST_ERRORS:
            told = {"line": line, "id": article_id, "warnings": _told(faults)}
            self.warnings.append(told)

    def dump(self) -> dict[str, Any]:
        """Return the report as it is sent."""
        report: dict[str, Any] = {"lines": self.lines}
        report |= {status: self.counts[status] for status in _STATUSES}
        if self.counts["blank"]:
            report["blank"] = self.counts["blank"]
        report["errors"] = sorted(self.errors, key=_line)
        if self.counts["failed"] > len(self.errors):
            report["errors_omitted"] = self.counts["failed"] - len(self.errors)
        if self.warned:
            report["warnings"] = self.warnings
        if self.warned > len(self.warnings):
            report["warnings_omitted"] = self.warned - len(self.warnings)
        if self.everything:
            report["items"] = sorted(self.items, key=_line)
        if self.everything and self.counts.total() > len(self.items):
            report["items_omitted"] = self.counts.total() - len(self.items)
        return report


def _told(faults: Iterable[Fault]) -> list[dict[str, str]]:
    return [{"pointer": f.pointer, "detail": f.detail} for f in faults]


def _line(entry: dict[str, Any]) -> int:
    return int(entry["line"])


@dataclass(frozen=True, slots=True)
class Options:
    """How lines are indexed: see the parameters of writes."""

    now: datetime
    refresh: bool = False
    dry_run: bool = False
    restore: bool = False
    label: Label = list
    known: Known | None = None


def index_lines(
    engine: Engine, lines: Iterable[Line | Foreign], report: Report, options: Options
) -> None:
    """Index the articles of NDJSON lines, as they come, and report on every line.

    A foreign article, in draft, is a line too. A line that is no article is reported
    and stops no other. Where `lines` raises, what was read before is indexed and
    reported first.
    """
    held = _Held(lines, report)
    while not held.ended:
        _index(engine, islice(held, _BATCH), report, options)
    if options.refresh and not options.dry_run and report.accepted:
        engine.index((), refresh=True)
    if held.fault:
        raise held.fault


class _Held:
    """Lines as they come; what they raise is kept until all before is indexed."""

    def __init__(self, lines: Iterable[_Numbered], report: Report) -> None:
        self._lines = iter(lines)
        self._report = report
        self.ended = False
        self.fault: Exception | None = None

    def __iter__(self) -> Iterator[_Numbered]:
        return self

    def __next__(self) -> _Numbered:
        try:
            found = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is raised again
            self.ended, self.fault = True, fault
            raise StopIteration from None
        self._report.lines = found[0]
        return found


def _load(
    number: int, line: bytes | Fault | Draft, report: Report, options: Options
) -> Article | None:
    if isinstance(line, Fault):
        report.fail(number, None, [line])
        return None
    if isinstance(line, Draft):
        return _admit(number, line, report, options)
    if not line:
        report.note(number, "blank", None)
        return None
    values = None
    try:
        values = decode(line)
        return load(values, now=options.now, restore=options.restore)
    except Invalid as error:
        report.fail(number, _id_of(values), error.faults)
        return None


def _admit(
    number: int, given: Draft, report: Report, options: Options
) -> Article | None:
    try:
        article, told = admit(given, Arrival(options.now, known=options.known))
    except Invalid as error:
        report.fail(number, _id_of(given.values), error.faults)
        return None
    report.warn(number, article.id, told)
    return article


def _id_of(values: object) -> str | None:
    given = values.get("id") if isinstance(values, dict) else None
    return given if isinstance(given, str) and len(given) <= _LONGEST_ID else None


def _index(
    engine: Engine, lines: Iterator[_Numbered], report: Report, options: Options
) -> None:
    numbers: list[int] = []
    articles = _articles(lines, numbers, report, options)
    first = list(islice(articles, 1))
    if not first:
        return
    done = engine.index(chain(first, articles), dry_run=options.dry_run)
    for number, outcome in zip(numbers, done.outcomes, strict=True):
        if outcome.status == "failed":
            detail = outcome.error or "The engine refused this article."
            report.fail(number, outcome.id, [Fault("", detail)])
        else:
            report.note(number, outcome.status, outcome.id, outcome.version)


def _articles(
    lines: Iterator[_Numbered], numbers: list[int], report: Report, options: Options
) -> Iterator[Article]:
    """Yield the articles of the lines, whose numbers are added to `numbers`.

    Some are read at a time: an engine may store them while the next are read.
    """
    for some in parts(lines, _READ, _READ_BYTES, _size):
        loaded = [(n, _load(n, line, report, options)) for n, line in some]
        read = [(n, article) for n, article in loaded if article is not None]
        numbers += [n for n, _ in read]
        yield from options.label(article for _, article in read)


def _size(line: _Numbered) -> int:
    return len(line[1]) if isinstance(line[1], bytes) else 0


def _count(doc: str) -> fields.Integer:
    return fields.Integer(metadata={"description": doc}, validate=validate.Range(min=0))


class LineSchema(Schema):
    """A line that failed."""

    line = _count("Its number, from 1.")
    id = fields.String(allow_none=True)
    errors = fields.List(fields.Nested(FaultSchema))


class WarnedSchema(Schema):
    """A line that became an article, and what was left out or stands in."""

    line = _count("Its number, from 1.")
    id = fields.String()
    warnings = fields.List(fields.Nested(FaultSchema))


class OutcomeSchema(Schema):
    """What became of a line."""

    line = _count("Its number, from 1.")
    status = fields.String(validate=validate.OneOf((*_STATUSES, "blank")))
    id = fields.String(allow_none=True)
    version = fields.Integer(allow_none=True)


class ReportSchema(Schema):
    """What became of the lines of a bulk body."""

    lines = _count("Lines read, blank ones too.")
    created = _count("New articles.")
    updated = _count("Articles that replaced one.")
    unchanged = _count("Articles that were here just so.")
    failed = _count("Lines that are no article.")
    blank = _count("Blank lines, where there are any.")
    errors = fields.List(fields.Nested(LineSchema))
    errors_omitted = _count("Failed lines beyond the first 1,000.")
    warnings = fields.List(fields.Nested(WarnedSchema))
    warnings_omitted = _count("Articles with warnings beyond the first 1,000.")
    items = fields.List(fields.Nested(OutcomeSchema))
    items_omitted = _count("Lines beyond the first 100,000, with report=all.")
