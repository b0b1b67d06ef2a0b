"""The house's own rules, each a machine: what a reviewer would otherwise have to repeat."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
SOURCE = HERE / "src" / "doorward"
TESTS = HERE / "tests"
MODULES = sorted(SOURCE.rglob("*.py"))

#: Only these may touch the world (DESIGN: thinking without touching).
FACES = {"cli", "tui", "web", "rings"}
TOUCHING = {
    "socket",
    "asyncio",
    "subprocess",
    "sqlite3",
    "ssl",
    "select",
    "selectors",
    "threading",
    "multiprocessing",
    "psutil",
    "pwd",
    "grp",
}
TOUCHING |= {"urllib.request", "http.client", "fcntl", "resource", "signal", "ctypes"}

#: The one place that may write to the terminal, and the one that may ask what time it is.
WRITER = SOURCE / "cli" / "_output.py"
CLOCK = SOURCE / "values" / "clocks.py"

STREAMS = ("stdout", "stderr", "__stdout__", "__stderr__")

#: File and function sizes past which something wants a room of its own; an exception carries its reason.
MOST_LINES = 500
MOST_LINES_IN_A_FUNCTION = 60
LONGER_FOR_A_REASON: dict[str, str] = {}


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_knows(path: Path) -> None:
    first = (ast.get_docstring(tree_of(path)) or "").split("\n")[0]
    assert len(first) > 20, "a module begins with one sentence: what it knows, and what it refuses to know"


@pytest.mark.parametrize("path", [m for m in MODULES if m.name not in ("__init__.py", "__main__.py")], ids=name_of)
def test_every_module_has_a_test_file(path: Path) -> None:
    relative = path.relative_to(SOURCE)
    mirror = TESTS / relative.parent / f"test_{relative.stem.lstrip('_')}.py"
    assert mirror.exists(), f"write {mirror.relative_to(HERE)}"
    assert "def test_" in mirror.read_text()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_a_module_offers_is_there(path: Path) -> None:
    dotted = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
    if dotted == "doorward.__main__":
        return
    module = importlib.import_module(dotted)
    offered = module.__all__
    assert len(offered) == len(set(offered)), "__all__ has each name once (ruff keeps it sorted)"
    missing = [name for name in offered if not hasattr(module, name)]
    assert not missing, f"__all__ names what isn't there: {missing}"
    public = {
        node.name
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    assert public <= set(offered), f"public and not in __all__: {sorted(public - set(offered))}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_thinking_does_not_touch(path: Path) -> None:
    relative = path.relative_to(SOURCE)
    if relative.parts[0] in FACES or path.name.startswith("live_"):
        return
    touching = [f"line {line}: {name}" for name, line in imported(tree_of(path)) if name in TOUCHING or name.split(".")[0] in TOUCHING]
    assert not touching, f"only live_*.py, rings and the faces may: {touching}"


@pytest.mark.parametrize("path", [m for m in MODULES if m != WRITER], ids=name_of)
def test_only_the_writer_writes(path: Path) -> None:
    written = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            written.append(f"line {node.lineno}: print")
        if isinstance(node, ast.Attribute) and node.attr in STREAMS and isinstance(node.value, ast.Name) and node.value.id == "sys":
            written.append(f"line {node.lineno}: sys.{node.attr}")
    assert not written, f"what is shown passes the sanitiser in cli/_output.py: {written}"


@pytest.mark.parametrize("path", [m for m in MODULES if m != CLOCK], ids=name_of)
def test_only_the_clock_asks_the_time(path: Path) -> None:
    asked = [
        f"line {node.lineno}: time.{node.attr}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time" and node.attr != "sleep"
    ]
    assert not asked, f"take a values.clocks.Clock as an argument: {asked}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_style_is_read_from_text(path: Path) -> None:
    """Rich's markup and Textual's actions would let a banner draw a link or press a button."""
    risky = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.keyword) and node.arg == "markup" and isinstance(node.value, ast.Constant) and node.value.value is True:
            risky.append(f"line {node.value.lineno}: markup=True")
        if isinstance(node, ast.Attribute) and node.attr in ("from_markup", "from_ansi"):
            risky.append(f"line {node.lineno}: {node.attr}")
    assert not risky


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """A function's lines without those of its docstring: explaining more must not be punished."""
    first = function.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if told else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_one_file_is_one_idea(path: Path) -> None:
    reason = LONGER_FOR_A_REASON.get(name_of(path))
    lines = len(path.read_text().splitlines())
    assert reason or lines <= MOST_LINES, f"{lines} lines want a room of their own"
    long = [
        f"{node.name} ({lines_of_code(node)} lines)"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of_code(node) > MOST_LINES_IN_A_FUNCTION
    ]
    assert not long, f"longer than {MOST_LINES_IN_A_FUNCTION} lines: {long}"


def test_no_file_is_named_for_being_useful() -> None:
    vague = {"utils", "helpers", "common", "manager", "base", "misc"}
    assert not [name_of(m) for m in MODULES if m.stem.strip("_") in vague]


def test_no_file_names_a_registry_of_packages() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "deb.debian" + ".org")
    kinds = ("*.py", "*.md", "*.toml", "*.txt", "Makefile", "run", "*.json", "*.html", "*.sh")
    skipped = {".git", ".venv", ".mypy_cache", ".ruff_cache", ".hypothesis", ".pytest_cache"}
    named = [
        f"{path.relative_to(HERE)}: {host}"
        for kind in kinds
        for path in HERE.rglob(kind)
        if not skipped & set(path.relative_to(HERE).parts) and path.is_file()
        for host in hosts
        if host in path.read_text(errors="replace")
    ]
    assert not named


def test_every_verb_with_json_has_a_schema() -> None:
    from doorward.cli import command_names
    from doorward.verbs.schema import ANSWERS, schema

    assert {verb.partition("-")[0] for verb in ANSWERS} <= set(command_names())
    for verb in ANSWERS:
        assert schema(verb)["$schema"]


def test_every_command_has_a_line_of_help_and_a_worked_example() -> None:
    from doorward.cli import command_names, load_command

    for name in command_names():
        command = load_command(name)
        assert command.HELP, name
        assert "\n" not in command.HELP
        assert len(command.HELP) <= 64, f"{name}: one line at 80 columns"
        assert f"doorward {name}" in command.EXAMPLE
