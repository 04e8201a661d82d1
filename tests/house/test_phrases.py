"""What the rules say to people is said by phrases, so that it can be said in another language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, parse, show

PLACES = [ROOT / "src" / "alteram" / "core" / one for one in ("rules", "access")]
#: Files whose texts no page shows as a sentence of ours.
EXCUSED = {
    "rules/drafts.py": "begins a rulebook, which is its organisation's",
    "rules/drawing.py": "draws a picture",
    "rules/parsing/case_facts.py": "reads cases, which only the command line tells of",
    "rules/parsing/cases.py": "reads cases, which only the command line tells of",
    "rules/parsing/events.py": "reads histories, which only the command line tells of",
    "rules/parsing/histories.py": "reads histories, which only the command line tells of",
    "rules/parsing/organisations.py": "reads histories, which only the command line tells of",
    "rules/rulebook.py": "fails only where the record was tampered with",
    "rules/sources.py": "names sources, as they call themselves",
}
#: Where the errors are made that pages of evidence and disclosure, or the jobs behind them, say to people.
SAYING = [
    *(f"adapters/{one}" for one in ("bundles", "converting", "files")),
    *(f"operations/{one}" for one in ("disclosure", "exhibits", "attachments.py", "entries.py", "sealed_notes.py")),
    *(f"core/{one}" for one in ("disclosure", "vault/age.py", "vault/errors.py", "vault/files.py", "vault/pieces.py")),
]
#: What the verifier says; what becomes a reason that is told by its name; what is caught; bugs.
NOT_TOLD = {"RecordError", "MalformedError", "NotShownError", "StaleReadError", "TileError", "ValueError"}
#: Names of ours that hold a space.
NAMES = {"per cent", "not covered"}
#: Errors that are bugs, and what is recorded as it stands.
NOT_SAID = {"FootprintError", "ValueError", "Departure"}
_SENTENCE = re.compile(r"\s[A-Za-z]{2}|[A-Za-z]{2}[,;:]?\s|[A-Za-z]{2}\.$")


def find_plain(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield each text with words in it that is put together without `phrase`."""
    excused = set(map(id, _find_excused(tree)))
    for node in ast.walk(tree):
        if id(node) not in excused and isinstance(node, ast.expr) and _SENTENCE.search(_read(node)):
            yield node


def _read(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return "" if text in NAMES else text
        case ast.JoinedStr(values=values):
            return "".join(_read(one) if isinstance(one, ast.Constant) else "0" for one in values)
        case _:
            return ""


def _find_excused(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as told):
                yield told
            case ast.Call(func=ast.Name(id="phrase"), args=[ast.Constant() as template]):
                yield template
            case ast.Call(func=ast.Name(id=name)) if name in NOT_SAID:
                yield from ast.walk(node)
            case ast.AnnAssign(annotation=annotation):
                yield from ast.walk(annotation)
            case ast.keyword(arg="facts", value=value):
                yield from ast.walk(value)
            case ast.JoinedStr(values=values):
                yield from values
            case ast.FunctionDef(decorator_list=decorators, returns=returns):
                yield from (one for decorator in decorators for one in ast.walk(decorator))
                yield from ast.walk(returns) if returns is not None else ()
            case ast.Call(func=ast.Attribute(attr="join" | "compile" | "startswith" | "removeprefix" | "match")):
                yield from ast.walk(node)
            case _:
                pass


def find_plain_errors(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield each text of an error that is put together without `phrase`, also where it has a name first."""
    named = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _makes_error(node.func):
            for one in (*node.args, *(keyword.value for keyword in node.keywords)):
                if _SENTENCE.search(_read(named.get(one.id, one) if isinstance(one, ast.Name) else one)):
                    yield one


def _makes_error(called: ast.expr) -> bool:
    match called:
        case ast.Name(id=name):
            return name.endswith("Error") and name not in NOT_TOLD
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
            return True
        case _:
            return False


def _to_check() -> list[Path]:
    return [
        path
        for path in files(".py")
        if any(path.is_relative_to(place) for place in PLACES)
        and not any(path.is_relative_to(ROOT / "src" / "alteram" / "core" / one) for one in EXCUSED)
    ]


def test_what_the_rules_say_is_said_by_phrases() -> None:
    found = [show(path, one.lineno) for path in _to_check() for one in find_plain(parse(path))]
    assert not found, f'write phrase("… {{name}} …", name=…), which can be translated: {found}'


def test_what_pages_of_evidence_say_went_wrong_is_said_by_phrases() -> None:
    places = [ROOT / "src" / "alteram" / one for one in SAYING]
    assert all(one.exists() for one in places)
    checked = [path for path in files(".py") if any(path.is_relative_to(place) for place in places)]
    found = [show(path, one.lineno) for path in checked for one in find_plain_errors(parse(path))]
    assert not found, f'write phrase("… {{name}} …", name=…), which can be translated: {found}'


@pytest.mark.parametrize(
    "code",
    [
        'raise StoreError("A file is gone.")',
        'raise VaultError("age.range", f"No bytes from {first}.")',
        'raise BundleError(phrase("It ended."), remedy="Try it again.")',
        'why = "It ended."\nraise BundleError(why)',
        'super().__init__("It arrived altered.")',
    ],
)
def test_an_error_without_phrase_is_found(code: str) -> None:
    assert len(list(find_plain_errors(ast.parse(code)))) == 1


def test_every_file_that_is_excused_is_there() -> None:
    assert [one for one in EXCUSED if not (ROOT / "src" / "alteram" / "core" / one).exists()] == []


@pytest.mark.parametrize(
    "code",
    [
        'passed("No notice was served.")',
        'failed(f"It came later than {within}.")',
        'because = "It was late."',
        'working = (f"for: {votes} votes",)',
        'because = finding.because + " Nothing shows it."',
        'phrase("{why}", why="no word on it")',
    ],
)
def test_a_text_without_phrase_is_found(code: str) -> None:
    assert len(list(find_plain(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        'passed(phrase("No notice was served."))',
        'failed(phrase("It came later than {within}.", within=within))',
        '"""What it does."""',
        'raise FootprintError(f"{kind} reads what it did not declare")',
        'Refused("time.backwards", "record", told, facts=(("last entry", at),))',
        'acts = ("notice.served", "case-manager")',
        'tag = f"requirement.{kind}"',
    ],
)
def test_phrases_names_and_bugs_are_let_pass(code: str) -> None:
    assert not list(find_plain(ast.parse(code)))
