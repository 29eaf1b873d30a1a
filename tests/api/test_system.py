"""The pages for those who run the server, and the one that says where everything is."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from api.metrics import REQUESTS
from api.settings import Settings
from search.catalog import FACET_FIELDS, FIELDS
from search.result import Health
from tests.api.archive import addresses, articles
from tests.application import application
from tests.reference import ReferenceEngine


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    engine = ReferenceEngine()
    engine.index(articles())
    yield application(Settings(), engine).test_client()
    engine.close()


class Limping(ReferenceEngine):
    """Answers questions and takes no writes."""

    def health(self) -> Health:
        return Health("degraded", "It cannot write.", 7, 3, "x")


def counted(client: FlaskClient, **labels: str) -> float:
    """Return how many answers with these labels the page of metrics tells."""
    text = client.get("/metrics").text
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "dateline_requests_total"
        and labels.items() <= sample.labels.items()
    )


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_readiness_tells_how_many_articles_there_are(client: FlaskClient) -> None:
    assert client.get("/readyz").json == {
        "status": "ready",
        "detail": "In memory.",
        "articles": 60,
        "pending": 0,
        "generation": "reference",
    }


def test_an_engine_that_still_answers_questions_is_ready() -> None:
    answer = application(Settings(), Limping()).test_client().get("/readyz")
    assert (answer.status_code, (answer.json or {})["status"]) == (200, "degraded")


def test_a_closed_engine_is_alive_and_not_ready() -> None:
    engine = ReferenceEngine()
    client = application(Settings(), engine).test_client()
    engine.close()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/v1/articles").status_code == 503


def test_every_answer_is_counted_by_endpoint_method_and_status(
    client: FlaskClient,
) -> None:
    wanted = {"endpoint": "counts.count", "method": "GET", "status": "400"}
    before = counted(client, **wanted)
    for _ in range(3):
        client.get("/v1/count?limits=1")
    assert counted(client, **wanted) == before + 3


def test_the_labels_of_metrics_stay_few_whatever_is_asked(client: FlaskClient) -> None:
    client.get("/v1/articles/an-id-of-its-own")
    client.get("/nowhere/at/all")
    client.open("/v1/count", method="INVENTED")
    text = client.get("/metrics").text
    assert "an-id-of-its-own" not in text
    assert "nowhere" not in text
    assert "INVENTED" not in text
    assert counted(client, endpoint="none", status="404")
    assert counted(client, method="other")
    assert REQUESTS.labels("none", "GET", "404")


def test_seconds_are_told_in_buckets(client: FlaskClient) -> None:
    client.get("/healthz")
    text = client.get("/metrics").text
    families = {each.name: each for each in text_string_to_metric_families(text)}
    sums = [
        sample.value
        for sample in families["dateline_request_seconds"].samples
        if sample.name.endswith("_sum")
    ]
    assert sums
    assert all(0 < value < 600 for value in sums)


def index_of(client: FlaskClient) -> dict[str, Any]:
    return client.get("/v1/", headers={"Accept": "application/json"}).json or {}


def test_the_index_lists_every_path_there_is(client: FlaskClient) -> None:
    index = index_of(client)
    listed = {each["path"]: each["methods"] for each in index["endpoints"]}
    assert listed["/v1/articles/{article_id}"] == ["DELETE", "GET", "PUT"]
    assert listed["/v1/articles"] == ["GET", "POST"]
    paths = (client.get("/v1/openapi.json").json or {})["paths"]
    assert listed.keys() == paths.keys() - {"/docs/{name}"}


def test_the_index_names_the_fields_and_facets(client: FlaskClient) -> None:
    index = index_of(client)
    assert [field["name"] for field in index["fields"]] == [*FIELDS]
    assert index["facets"] == [*FACET_FIELDS]
    assert index["articles"] == 60


def test_every_sample_of_the_index_finds_what_it_says(client: FlaskClient) -> None:
    index = index_of(client)
    assert len(index["samples"]) > 15
    for sample in index["samples"]:
        answer = client.get(sample["url"])
        assert answer.status_code == 200, sample
        assert answer.headers["X-Total-Count"] == str(sample["count"]) != "0", sample


def test_the_index_of_an_empty_archive_says_what_to_do() -> None:
    client = application(Settings(), ReferenceEngine()).test_client()
    assert index_of(client)["samples"] == []
    assert "dateline load" in client.get("/v1/").text


def test_the_index_is_text_for_curl_and_json_for_who_asks(client: FlaskClient) -> None:
    answer = client.get("/v1/", headers={"Accept": "*/*"})
    assert answer.mimetype == "text/plain"
    assert "Accept" in answer.headers["Vary"]
    assert answer.text.startswith("Dateline: 60 articles.")
    lines = [line.strip() for line in answer.text.splitlines()]
    told = [line for line in lines if line.startswith("curl '")]
    samples = index_of(client)["samples"]
    assert told == [f"curl 'http://localhost{each['url']}'" for each in samples]
    refused = client.get("/v1/", headers={"Accept": "text/csv"})
    assert refused.status_code == 406


def test_an_index_that_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    for accept in ("application/json", "*/*"):
        headers = {"Accept": accept}
        tag = client.get("/v1/", headers=headers).headers["ETag"]
        headers["If-None-Match"] = tag
        answer = client.get("/v1/", headers=headers)
        assert (answer.status_code, answer.data) == (304, b"")
        assert "Accept" in answer.vary
    elsewhere = client.get("/v1/", headers={"Host": "news.example", "Accept": "*/*"})
    assert tag != elsewhere.headers["ETag"]


def test_the_index_repeats_no_host_that_is_none(client: FlaskClient) -> None:
    answer = client.get("/v1/", headers={"Host": "x'$(id)"})
    assert answer.status_code == 400


def test_every_address_of_the_index_is_there(client: FlaskClient) -> None:
    links = index_of(client)
    for address in [*links["links"].values(), *addresses(links["samples"])]:
        assert client.get(address).status_code == 200


def test_the_index_takes_no_parameters(client: FlaskClient) -> None:
    answer = client.get("/v1/?q=tax")
    assert answer.status_code == 400
    assert (answer.json or {})["parameter"] == "q"
