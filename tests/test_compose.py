"""What docker-compose.yml promises, read without Docker."""

import json
from copy import deepcopy
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from api.settings import MEANINGS, PREFIX, SECRETS

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def faults(compose: dict[str, Any]) -> list[str]:
    """Return what the schema of the compose specification has against a file."""
    vendor = resources.files("check_jsonschema.builtin_schemas") / "vendor"
    schema = json.loads((vendor / "compose-spec.json").read_text())
    return [
        fault.message for fault in Draft202012Validator(schema).iter_errors(compose)
    ]


def test_the_file_keeps_the_compose_specification() -> None:
    assert faults(COMPOSE) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [("mem_limits", "1g"), ("ports", "8000"), ("healthcheck", {"tests": "true"})],
)
def test_the_specification_tells_a_misspelt_service(key: str, value: object) -> None:
    wrong = deepcopy(COMPOSE)
    wrong["services"]["api"][key] = value
    assert faults(wrong)


def test_nothing_but_the_api_and_the_proxy_can_be_reached() -> None:
    assert {name for name, each in SERVICES.items() if "ports" in each} == {
        "api",
        "proxy",
    }
    assert all("privileged" not in each for each in SERVICES.values())


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_a_limit_a_profile_and_a_network(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["profiles"] in (["single"], ["cluster"])
    assert set(service["networks"]) <= set(COMPOSE["networks"])


def test_the_nodes_stand_in_a_network_that_leads_nowhere() -> None:
    for name in ("elasticsearch", "es1", "es2", "es3"):
        assert all(
            COMPOSE["networks"][n]["internal"] for n in SERVICES[name]["networks"]
        )
        assert SERVICES[name]["healthcheck"]["test"]
        (volume,) = SERVICES[name]["volumes"]
        assert volume.partition(":")[0] in COMPOSE["volumes"]


def test_whoever_waits_waits_for_a_healthy_service() -> None:
    for service in SERVICES.values():
        for other, condition in service.get("depends_on", {}).items():
            assert condition == {"condition": "service_healthy"}
            assert other in SERVICES


def test_secrets_are_files_outside_of_the_repository() -> None:
    used = {name for each in SERVICES.values() for name in each.get("secrets", ())}
    assert used == set(COMPOSE["secrets"])
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    paths = [Path(each["file"]).parts[0] for each in COMPOSE["secrets"].values()]
    assert set(paths) == {"secrets"}
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if "KEY" in variable or "PASSWORD" in variable:
                assert value.startswith("/run/secrets/")


def test_the_api_is_given_only_settings_that_there_are() -> None:
    known = {PREFIX + name.upper() for name in MEANINGS}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}
    for name in ("api", "api-cluster"):
        assert set(SERVICES[name]["environment"]) <= known


def test_the_server_is_of_the_major_that_the_client_speaks() -> None:
    images = {each.get("image", "") for each in SERVICES.values()}
    (image,) = (each for each in images if "elasticsearch" in each)
    assert image.rpartition(":")[2].startswith("9.")
