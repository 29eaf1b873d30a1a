"""The rules of the house that no linter can say."""

import ast
import io
import re
import sys
import tokenize
from pathlib import Path
from statistics import median, quantiles

from search.catalog import FACET_FIELDS, KEYS, TEXT_FIELDS
from tests.sources import (
    BENCH,
    PACKAGES,
    body_lines,
    definitions,
    functions,
    imports,
    literals,
    modules,
    outside,
    packaged,
    speakers,
    text,
    tree,
)

FORBIDDEN_ROOMS = {
    *("utils", "util", "helpers", "helper", "common", "core", "base"),
    *("manager", "managers", "service", "services", "handler", "handlers"),
}
FORBIDDEN_VERBS = re.compile(r"_*(get|handle|process|do|manage)_")
FORBIDDEN_WORDS = re.compile(
    r"(^|_)(story|stories|outlet|serializer|dto|num_found|new_index|reindex)(_|$)"
)
# click, http.server, flask-smorest and gunicorn call these by name.
NAMES_OF_OTHERS = {
    *("get_command", "do_GET", "do_POST", "handle_http_exception", "handle_error"),
    *("handle_request", "handle_request_parsing_error", "process_response"),
    *("do_teardown_appcontext", "do_teardown_request", "get_app_iter"),
    "get_wsgi_headers",
}


def test_a_file_has_at_most_300_lines() -> None:
    lengths = {name: len(text(name).splitlines()) for name in modules("")}
    assert {name: count for name, count in lengths.items() if count > 300} == {}


def test_a_function_body_has_at_most_40_lines() -> None:
    long = [
        f"{name}:{function.lineno} {function.name}: {body_lines(function)}"
        for name in modules("")
        for function in functions(name)
        if body_lines(function) > 40
    ]
    assert long == []


def test_most_function_bodies_are_short() -> None:
    product = [name for name in packaged() if not name.startswith(BENCH)]
    sizes = [body_lines(each) for name in product for each in functions(name)]
    sizes = [size for size in sizes if size]
    assert median(sizes) <= 6
    assert quantiles(sizes, n=10)[-1] <= 20


def test_comments_are_few_because_they_only_say_why() -> None:
    comments = lines = 0
    for name in packaged():
        lines += len(text(name).splitlines())
        tokens = tokenize.generate_tokens(io.StringIO(text(name)).readline)
        comments += sum(token.type == tokenize.COMMENT for token in tokens)
    assert 100 * comments / lines <= 8


def test_no_room_has_a_name_that_says_nothing() -> None:
    parts = {name: {*Path(name).parts, Path(name).stem} for name in modules("")}
    assert [name for name in parts if FORBIDDEN_ROOMS & parts[name]] == []


def test_no_package_is_named_after_a_dependency() -> None:
    locked = set(
        re.findall(r"^([a-z0-9-]+)==", text("requirements/test.txt"), re.MULTILINE)
    )
    assert locked & {*PACKAGES, "tests"} == set()
    assert sys.stdlib_module_names & {*PACKAGES} == set()


def test_a_function_says_what_it_does() -> None:
    vague = [
        f"{name}:{function.lineno} {function.name}"
        for name in modules("")
        for function in functions(name)
        if FORBIDDEN_VERBS.match(function.name) and function.name not in NAMES_OF_OTHERS
    ]
    assert vague == []


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def test_names_use_the_words_of_the_house() -> None:
    foreign = [
        f"{name}:{node.lineno} {node.name}"
        for name in packaged()
        for node in definitions(name)
        if FORBIDDEN_WORDS.search(snake(node.name))
    ]
    assert foreign == []


def test_tests_are_no_packages() -> None:
    assert [name for name in modules("tests/") if name.endswith("__init__.py")] == []


def test_nothing_is_mocked() -> None:
    fake = re.compile(r"^\s*(import|from) (unittest\.)?mock\b|monkeypatch\.setattr")
    found = [
        f"{name}:{number}"
        for name in modules("")
        for number, line in enumerate(text(name).splitlines(), 1)
        if fake.search(line)
    ]
    assert found == []


def is_long_sleep(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or "sleep" not in ast.unparse(node.func).split(
        "."
    ):
        return False
    match node.args:
        case [ast.Constant(value=int() | float() as seconds)]:
            return seconds > 0.5
        case _:
            return True


def test_a_test_polls_and_never_just_waits() -> None:
    waits = [
        f"{name}:{node.lineno}"
        for name in modules("tests/")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and is_long_sleep(node)
    ]
    assert waits == []


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        name
        for name in packaged()
        if re.search(r"\bos\.(environb?|getenvb?|putenv)\b", text(name))
        or {"os.environ", "os.getenv", "environs"} & imports(name)
    }
    assert outside(readers, "api/settings.py", BENCH) == []


def test_one_room_speaks_each_library() -> None:
    assert outside(speakers("sqlite3"), "search/embedded/", BENCH) == []
    assert outside(speakers("tantivy"), "search/embedded/", BENCH) == []
    assert outside(speakers("base64"), "search/cursor.py") == []
    assert outside(speakers("rich"), "scripts/") == []
    assert outside(speakers("flask_smorest"), "api/openapi.py") == []
    assert outside(speakers("Stemmer"), "search/text.py") == []
    assert outside(speakers("argparse"), "scripts/") == []


def test_the_words_of_elasticsearch_stay_in_its_room() -> None:
    words = {"_source", "aggs", "must_not", "search_after", "track_total_hits"}
    found = {
        name
        for name in packaged()
        for _, value in literals(name)
        if isinstance(value, str) and value in words
    }
    # Tantivy took over the word for what is counted within a bucket.
    assert outside(found, "search/elastic/", "search/embedded/facets.py", BENCH) == []


def test_the_library_learns_field_names_from_the_catalogue() -> None:
    names = {*FACET_FIELDS, *KEYS} - {"id", "version", *TEXT_FIELDS}
    # In these two senses the words are not the names of fields.
    names -= {"source", "url"}
    found = {
        f"{name}:{line} {value}"
        for name in modules("search/")
        for line, value in literals(name)
        if value in names
    }
    # A profile has a kind, and the kinds are the facets that may have profiles.
    kinds = "search/entities/"
    assert outside(found, "search/catalog.py", "search/article.py", kinds) == []


def test_the_status_of_an_error_is_set_in_one_file() -> None:
    named = re.compile(r"HTTPStatus\.(?!OK|CREATED|NO_CONTENT|NOT_MODIFIED)[A-Z_]+")
    errors = {400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, 503, 504}
    found = {
        f"{name}:{line}"
        for name in modules("api/", "schemas/", "search/")
        for line, value in literals(name)
        if type(value) is int and value in errors
    }
    found |= {name for name in modules("api/") if named.search(text(name))}
    # The translations of foreign errors are its table; the OpenAPI document lists them.
    tables = ("api/problems.py", "api/translations.py", "api/openapi.py")
    tables += ("search/elastic/faults.py",)  # what a cluster's statuses mean
    assert outside(found, *tables) == []
