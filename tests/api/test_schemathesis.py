"""Answers to what is drawn from the document itself: documented ones, never a 5xx."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection

from api.app import create_app
from api.current import equip
from api.settings import Settings
from schemas.views import ALL, NOT
from search.catalog import FACET_FIELDS
from search.connection import connect
from tests.api.archive import articles
from tests.api.live import Live
from tests.reference import ReferenceEngine

pytestmark = pytest.mark.slow

# What a schema cannot say (a query's syntax, dates that exist, page times limit, a
# version that is still there) is refused with one of these.
REFUSALS = ("400", "406", "412", "415", "422", "428")
ACCEPTED = ("2xx", "3xx", "401", "403", "404", *REFUSALS)
NAMES = {field + rule for field in FACET_FIELDS for rule in ("", ALL, NOT)}
THOROUGH = settings().max_examples >= 500
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": list(ACCEPTED)},
            "negative_data_rejection": {"expected-statuses": ["401", "404", *REFUSALS]},
        },
        # Thousands of cases: made where there is time for them.
        "phases": {"coverage": {"enabled": THOROUGH}},
    }
)
FEW = settings(
    max_examples=max(8, settings().max_examples // 2),
    suppress_health_check=[*HealthCheck],
    deadline=None,
)


@schemathesis.serializer("application/x-ndjson")
def ndjson(_: object, value: object) -> bytes:
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def ask(case: Case, **where: Any) -> None:
    """Send a case and make every check of its answer."""
    unclear = any(
        is_ambiguous(name, value) for name, value in (case.query or {}).items()
    )
    case.call_and_validate(
        excluded_checks=[negative_data_rejection] if unclear else [],
        headers={"Accept-Encoding": "identity"},  # it would not unpack answers
        **where,
    )


def is_ambiguous(name: str, value: Any) -> bool:
    """Say whether a value, once it stands in an address, may be a valid one.

    There everything is text: a null, a truth or an object is a word, which any name may
    be, and a name alone is a list of one. An empty value means "not given" everywhere.
    """
    return (name in NAMES and not isinstance(value, list)) or any(
        each in (None, "", "null", "true", "false")
        or isinstance(each, bool | float | dict | list)
        for each in as_list(value)
    )


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


APP = create_app(Settings(log="off"), engine=ReferenceEngine())
DOCUMENT = schemathesis.openapi.from_wsgi("/v1/openapi.json", APP, config=CONFIG)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The application works on the embedded engine."""
    folder = tmp_path_factory.mktemp("archive")
    with closing(connect(f"embedded:{folder / 'data'}")) as engine:
        engine.index(articles(), refresh=True)
        equip(APP, Settings(log="off"), engine)
        yield


@DOCUMENT.parametrize()
@FEW
def test_the_application_answers_as_documented(case: Case, embedded: None) -> None:
    ask(case)


@pytest.mark.server
@DOCUMENT.include(method="GET").parametrize()
@FEW
def test_the_running_server_answers_as_documented(case: Case, live: Live) -> None:
    ask(case, base_url=live.address)
