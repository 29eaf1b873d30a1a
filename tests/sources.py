"""The project's own files, as the tests about the house read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("api", "schemas", "search", "scripts")
BENCH = "scripts/bench/"


@cache
def files() -> tuple[str, ...]:
    """What is in the checkout and not ignored, whether it is committed or not."""
    # A checkout may belong to somebody else where it is only read.
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(
        [*git, "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = {name for name in listed.split("\0") if name}
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def modules(*rooms: str) -> list[str]:
    return [name for name in files() if name.endswith(".py") and name.startswith(rooms)]


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(text(name))


def packaged() -> list[str]:
    return modules(*(f"{package}/" for package in PACKAGES))


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(name: str) -> Iterator[Function]:
    return (node for node in ast.walk(tree(name)) if isinstance(node, Function))


def definitions(name: str) -> Iterator[Function | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return (node for node in ast.walk(tree(name)) if isinstance(node, kinds))


def body_lines(function: Function) -> int:
    """Count from the first statement after the docstring to the end."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body or (isinstance(body[0], ast.Expr) and is_ellipsis(body[0].value)):
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def imports(name: str) -> set[str]:
    """The modules that a file imports, by their full names."""
    found: set[str] = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
    return found


def literals(name: str) -> Iterator[tuple[int, object]]:
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Constant):
            yield node.lineno, node.value


def speakers(library: str) -> set[str]:
    """The files that import a library or a part of it."""
    return {
        name
        for name in packaged()
        if any(f"{module}.".startswith(f"{library}.") for module in imports(name))
    }


def outside(names: set[str], *rooms: str) -> list[str]:
    return sorted(name for name in names if not name.startswith(rooms))


def shell_scripts() -> list[str]:
    """What people and CI call: files without a suffix, beside the modules."""
    rooms = (Path("scripts"), Path(".ci"))
    found = (Path(name) for name in files())
    return [str(f) for f in found if f.parent in rooms and not f.suffix]
