import os
from pathlib import Path

import pytest

from api import settings
from api.settings import Settings, SettingsError, load, table

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("DATELINE_"):
            monkeypatch.delenv(name)


def test_without_variables_the_defaults_hold() -> None:
    assert load() == Settings()


@pytest.mark.parametrize("name", ["CACHE", "DATA", "NODES", "TEST_ELASTICSEARCH"])
def test_what_only_tests_are_told_is_no_wrong_setting(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"DATELINE_{name}", "here")
    assert load() == Settings()


def test_an_empty_variable_is_one_that_is_not_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATELINE_PORT", "")
    monkeypatch.setenv("DATELINE_WRITE_KEY", " ")
    assert load() == Settings()


def test_all_wrong_variables_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PORT", "99999")
    monkeypatch.setenv("DATELINE_WORKERS", "many")
    monkeypatch.setenv("DATELINE_LOG", "loud")
    monkeypatch.setenv("DATELINE_WRITE_KEY", "short")
    with pytest.raises(SettingsError) as error:
        load()
    for name in ("PORT", "WORKERS", "LOG", "WRITE_KEY"):
        assert f"DATELINE_{name}:" in str(error.value)


def test_a_misspelt_variable_is_an_error_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATELINE_PROT", "9000")
    with pytest.raises(SettingsError, match="DATELINE_PORT"):
        load()


def test_the_key_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("0123456789abcdef\n")
    monkeypatch.setenv("DATELINE_WRITE_KEY_FILE", str(tmp_path / "key"))
    assert load().write_key == "0123456789abcdef"


@pytest.mark.parametrize("text", [None, "", "\xff", "too short"])
def test_a_key_file_that_holds_no_key_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / "key").write_bytes(text.encode("latin-1"))
    monkeypatch.setenv("DATELINE_WRITE_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(SettingsError, match="DATELINE_WRITE_KEY_FILE:"):
        load()


def test_key_and_key_file_exclude_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_WRITE_KEY", "0123456789abcdef")
    monkeypatch.setenv("DATELINE_WRITE_KEY_FILE", "key")
    with pytest.raises(SettingsError, match="not both"):
        load()


def test_no_key_shows_in_a_repr_or_a_table() -> None:
    secret = Settings(write_key="0123456789abcdef")
    assert "0123456789abcdef" not in repr(secret) + repr(table(secret))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("example.org", False),
    ],
)
def test_only_loopback_addresses_are_this_machine(host: str, *, loopback: bool) -> None:
    assert Settings(host=host).loopback is loopback
    assert Settings(host=host).writable is loopback
    assert Settings(host=host, write_key="0123456789abcdef").writable


def test_an_address_of_version_6_stands_in_brackets() -> None:
    assert Settings(host="::1", port=80).address == "http://[::1]:80"


def test_the_manual_lists_every_setting_with_its_default_and_meaning() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text().replace("`", "")
    for row in table(Settings()):
        meaning = row.meaning.replace("…", row.variable)
        assert f"| {row.variable} | {row.default} | {meaning} |" in manual


def test_the_key_of_a_cluster_may_stand_in_a_file_and_never_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("c2VjcmV0\n")
    monkeypatch.setenv("DATELINE_ENGINE_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("DATELINE_ENGINE_CA", str(tmp_path / "key"))
    credentials = load().credentials
    assert (credentials.key, credentials.user) == ("c2VjcmV0", None)
    assert credentials.authority == str(tmp_path / "key")
    assert "c2VjcmV0" not in repr(load()) + repr(credentials) + repr(table(load()))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"KEY": "a", "USER": "b", "PASSWORD": "c"}, "ENGINE_KEY"),
        ({"USER": "b"}, "ENGINE_USER"),
        ({"PASSWORD": "c"}, "ENGINE_USER"),
        ({"CA": "nowhere.pem"}, "ENGINE_CA"),
        ({"KEY_FILE": "nowhere"}, "ENGINE_KEY_FILE"),
    ],
)
def test_settings_of_a_cluster_that_contradict_each_other_are_named(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"DATELINE_ENGINE_{name}", value)
    with pytest.raises(SettingsError, match=f"DATELINE_{named}:"):
        load()


def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PORT", "9000")
    settings.overrule({"port": "9001"})
    assert load().port == 9001
