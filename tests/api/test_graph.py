"""Who is mentioned with whom: JSON, a table of edges, GraphML."""

import csv
import io
import math
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from search.article import Entity
from tests.api.archive import addresses, article, articles, ask, follow
from tests.reference import ReferenceEngine

SPACE = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


QUESTIONS: list[dict[str, Any]] = [
    {},
    {"q": "carbon OR levy", "company": ["Shell plc", "bp"], "tag_not": "opinion"},
    {"field": "company,person,tag", "from_": "2024-04", "person": "angela-merkel"},
    {"field": "lang", "size": 2},
    {"q": "zeppelin"},
]


@pytest.mark.parametrize("query", QUESTIONS)
def test_an_edge_counts_what_all_finds(
    client: FlaskClient, query: dict[str, Any]
) -> None:
    answer = ask(client, "graph", **query)
    nodes = {node["id"]: node for node in answer["nodes"]}
    total = answer["total"]["value"]
    for each in (*answer["nodes"], *answer["edges"]):
        assert follow(client, each["url"])["total"]["value"] == each["count"]
    for edge in answer["edges"]:
        both, one, other = (
            edge["count"],
            nodes[edge["source"]]["count"],
            nodes[edge["target"]]["count"],
        )
        assert edge["jaccard"] == pytest.approx(both / (one + other - both))
        if both < total:
            together = math.log(both * total / (one * other))
            assert edge["npmi"] == pytest.approx(together / -math.log(both / total))
    assert [edge["count"] for edge in answer["edges"]] == sorted(
        (edge["count"] for edge in answer["edges"]), reverse=True
    )


def test_the_graph_is_of_companies_and_people_unless_fields_are_named(
    client: FlaskClient,
) -> None:
    assert {node["field"] for node in ask(client, "graph")["nodes"]} == {
        *("company", "person")
    }
    assert {node["field"] for node in ask(client, "graph", field="tag")["nodes"]} == {
        "tag"
    }


def test_size_is_the_number_of_values_of_each_field(client: FlaskClient) -> None:
    answer = ask(client, "graph", size=2, field="company,tag")
    assert [node["id"] for node in answer["nodes"]] == [
        *("company:shell", "company:bp", "tag:energy", "tag:politics")
    ]


def test_two_who_are_always_together_weigh_one(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    pair = (Entity("x", "X"), Entity("y", "Y"))
    engine.index(article(100 + n, companies=pair, title="A zeppelin") for n in range(3))
    [edge] = ask(client, "graph", q="zeppelin", field="company")["edges"]
    assert (edge["count"], edge["npmi"], edge["jaccard"]) == (3, 1, 1)


def test_a_table_of_edges(client: FlaskClient) -> None:
    answer = ask(client, "graph")
    table = client.get("/v1/graph.csv").text
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [(row["source"], row["target"], row["count"]) for row in rows] == [
        (edge["source"], edge["target"], str(edge["count"])) for edge in answer["edges"]
    ]
    assert [*rows[0]] == (
        ["source", "source_name", "target", "target_name", "count", "npmi", "jaccard"]
    )


def test_graphml_declares_what_it_uses_and_has_every_node_and_edge(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    odd = (Entity("odd", 'A<b> & "c"\x0b\ufffe'), Entity("even", "Łódź 🙂"))
    engine.index([article(99, companies=odd)])
    answer = ask(client, "graph")
    response = client.get("/v1/graph.graphml")
    assert response.mimetype == "application/graphml+xml"
    assert response.headers["Content-Disposition"].endswith('"graph.graphml"')
    root = ET.fromstring(response.data)
    keys = {key.get("id"): key for key in root.iter(f"{SPACE}key")}
    for kind in ("node", "edge"):
        for element in root.iter(f"{SPACE}{kind}"):
            for data in element.iter(f"{SPACE}data"):
                assert keys[data.get("key")].get("for") == kind
    assert {key.get("attr.type") for key in keys.values()} == {
        *("string", "long", "double")
    }
    [graph] = root.iter(f"{SPACE}graph")
    assert graph.get("edgedefault") == "undirected"
    names = [node.get("id") for node in root.iter(f"{SPACE}node")]
    assert names == [node["id"] for node in answer["nodes"]]
    ends = [(e.get("source"), e.get("target")) for e in root.iter(f"{SPACE}edge")]
    assert ends == [(edge["source"], edge["target"]) for edge in answer["edges"]]
    assert 'A<b> & "c"' in {data.text for data in root.iter(f"{SPACE}data")}


def test_a_graph_of_too_many_values_is_refused(client: FlaskClient) -> None:
    problem = ask(client, "graph", 400, field="company,person,tag", size=100)
    assert (problem["parameter"], problem["suggestion"]) == ("size", "66")
    assert ask(client, "graph", 400, field="title")["parameter"] == "field"
    assert ask(client, "graph.gexf", 404)["type"] == "/problems/not-found"


def test_every_address_of_a_graph_can_be_followed(client: FlaskClient) -> None:
    answer = ask(client, "graph", q="carbon", size=2)
    for address in addresses(answer):
        assert client.get(address).status_code == 200, address
