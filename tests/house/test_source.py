"""House rules about the source. Each message says where, and what to do instead."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, comments, files, lines, parse, show

BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "managers"}
LONGEST_FILE = 500
#: Written in two parts, so that this file does not break its own rule.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
EXCUSE = re.compile(r"#\s*(noqa|type:\s*ignore)")
#: A code, then the reason in words: "noqa: ABC123 - because …", "type: ignore[code] # because …".
EXCUSED = re.compile(r"#\s*(noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)* - |type: ignore\[[a-z-]+(, ?[a-z-]+)*\]\s+# )\S+ \S+")
MACHINE_PATH = re.compile(r"(?<![\w./*}~-])/(?:work|[r]oot|[t]mp|home|opt)/")
REGISTRY = re.compile(r"pypi[.]org|[p]ythonhosted|[n]pmjs[.]|proxy[.]golang|crates[.]io|goproxy[.]")
BESIDE_US = "../sha" + "red"
LICENSED_TEXT = {"LICENSE"}


def test_no_module_or_package_has_a_name_that_says_nothing() -> None:
    named = [
        path for path in files(".py") if BANNED_NAMES.intersection((*path.relative_to(ROOT).parts[:-1], path.stem))
    ]
    assert not named, f"name it for what is in it: {[show(path) for path in named]}"


def test_no_file_is_longer_than_the_limit() -> None:
    long = {show(path): count for path in files(".py") if (count := path.read_text().count("\n")) > LONGEST_FILE}
    assert not long, f"split by idea, at most {LONGEST_FILE} lines: {long}"


def test_no_unfinished_mark_is_left() -> None:
    found = [show(path, line) for path in files() for line, text in lines(path) if UNFINISHED.search(text)]
    assert not found, f"finish it, or open an issue: {found}"


def test_every_exception_to_a_lint_or_type_rule_names_its_code_and_its_reason() -> None:
    found = [
        show(path, line)
        for path in files(".py")
        for line, text in comments(path)
        if EXCUSE.search(text) and not EXCUSED.search(text)
    ]
    assert not found, f"write `noqa: CODE - why` or `type: ignore[code] # why`: {found}"


@pytest.mark.parametrize(
    ("comment", "excused"),
    [
        ("# noqa: S608 - only marks go in", True),
        ("# noqa: S608, E501 - only marks go in", True),
        ("# type: ignore[arg-type] # the driver has no types", True),
        ("# noqa: S608", False),
        ("# noqa: S608 - ", False),
        ("# noqa", False),
        ("# type: ignore[arg-type]", False),
        ("# type: ignore # the driver has no types", False),
    ],
)
def test_what_counts_as_a_reason(comment: str, excused: bool) -> None:
    assert bool(EXCUSED.search(comment)) is excused


def test_the_core_never_sets_a_type_rule_aside() -> None:
    core = [path for path in files(".py") if "src/alteram/core/" in show(path)]
    found = [show(path, line) for path in core for line, text in comments(path) if "type: ignore" in text]
    assert not found, f"say it in types: {found}"


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_nothing_is_mocked() -> None:
    found = [
        show(path, line)
        for path in files(".py")
        for line, name in _imports(path)
        if name.startswith(("unittest.mock", "mock.", "pytest_mock"))
    ]
    assert not found, f"use adapters/memory or a small fake that is held to the same contract: {found}"


def test_tests_are_skipped_in_one_place_only_so_that_the_runner_can_tell_why() -> None:
    skipping = {"skip", "skipif", "importorskip", "xfail"}
    found = [
        show(path, node.lineno)
        for path in files(".py")
        if path != ROOT / "tests" / "needs.py"
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Attribute) and node.attr in skipping and "pytest" in ast.unparse(node)
    ]
    assert not found, f"call tests.needs.cannot_run with the command that provides it: {found}"


def test_every_module_function_and_class_of_the_core_says_what_it_does() -> None:
    core = [path for path in files(".py") if "src/alteram/core/" in show(path)]
    found = [place for path in core for place in _undocumented(path)]
    assert core
    assert not found, f"write a docstring: {found}"


def _undocumented(path: Path) -> Iterator[str]:
    tree = parse(path)
    if not ast.get_docstring(tree):
        yield show(path)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for node in [*tree.body, *(inner for one in classes if not one.name.startswith("_") for inner in one.body)]:
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ):
            yield show(path, node.lineno)


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    found = [show(path, line) for path in files() for line, text in lines(path) if MACHINE_PATH.search(text)]
    assert not found, f"use a relative path or a temporary folder: {found}"


def test_no_file_names_the_host_of_a_registry() -> None:
    found = [show(path, line) for path in files() for line, text in lines(path) if REGISTRY.search(text)]
    assert not found, f"say the registry's name in words: {found}"


def test_only_one_file_knows_what_stands_beside_the_repository() -> None:
    found = [
        show(path, line)
        for path in files()
        if path != ROOT / "tests" / "needs.py"
        for line, text in lines(path)
        if BESIDE_US in text
    ]
    assert not found, f"ask tests.needs: {found}"


def test_the_licence_is_the_one_that_was_chosen() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text()
