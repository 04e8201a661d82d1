"""Mutants of every requirement's predicate, and which of them its shipped cases catch.

`python tests/rules/mutation.py [KIND…]` prints killed and total for each kind, and the survivors of the kinds named.
A mutant is the module of a predicate with one small change. It is caught when a case then comes to something else,
or when the predicate breaks. Some mutants change nothing that can be seen, so not all can be caught.
"""

import ast
import copy
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from alteram.adapters.rulebooks import load_cases, shipped_names
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Finding, Result
from alteram.core.rules.parsing import Case, find_difference, run_case
from alteram.core.rules.requirements import Parameters, Requirement, all_requirements, library
from alteram.core.rules.view import View

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_NAMES = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "passed": "_as_failed",
    "failed": "_as_passed",
    "unknown": "_as_passed",
}
_METHODS = {"missing": "nothing_against", "supporting": "all"}


@dataclass(frozen=True)
class Mutant:
    """One small change: where it is, what it does, and what builds the changed module."""

    kind: str
    line: int
    change: str
    build: Callable[[], ast.Module]


def build_mutants(requirement: Requirement[Any]) -> list[Mutant]:
    """Return every mutant of the functions in the module of a predicate, in a fixed order."""
    tree = ast.parse(inspect.getsource(_module(requirement)))
    mutants: list[Mutant] = []
    left_alone = _class_keywords(tree)
    for place, node in enumerate(ast.walk(tree)):
        for number, (change, _) in enumerate(() if node in left_alone else _changes(node)):
            mutants.append(Mutant(requirement.kind, _line(node), change, partial(_changed, tree, place, number)))
    return mutants


def build_control(requirement: Requirement[Any]) -> Mutant:
    """Return the module of a predicate with nothing changed."""
    source = inspect.getsource(_module(requirement))
    return Mutant(requirement.kind, 0, "nothing", lambda: ast.parse(source))


def _class_keywords(tree: ast.Module) -> frozenset[ast.AST]:
    """Return the nodes of `frozen=True` and the like: they say how a value is built, not what a predicate answers."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return frozenset(keyword.value for node in classes for keyword in node.keywords)


def _line(node: ast.AST) -> int:
    return getattr(node.ifs[0] if isinstance(node, ast.comprehension) and node.ifs else node, "lineno", 0)


def _changed(tree: ast.Module, place: int, number: int) -> ast.Module:
    changed = copy.deepcopy(tree)
    node = next(one for at, one in enumerate(ast.walk(changed)) if at == place)
    list(_changes(node))[number][1]()
    return ast.fix_missing_locations(changed)


_Change = tuple[str, Callable[[], None]]


def _changes(node: ast.AST) -> Iterator[_Change]:
    """Yield each small change that can be made at `node`, in words and as what makes it."""
    yield from _changed_conditions(node)
    yield from _changed_operators(node)
    yield from _changed_names(node)


def _changed_conditions(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                for other in _COMPARISONS[type(op)]:
                    yield f"{type(op).__name__} -> {other.__name__}", _replacer(ops, at, other())
        case ast.If() | ast.IfExp():
            yield "condition negated", _setter(node, "test", ast.UnaryOp(ast.Not(), node.test))
            yield "branch dropped", _setter(node, "test", ast.Constant(value=False))
        case ast.comprehension(ifs=[_, *_]):
            yield "filter dropped", node.ifs.clear
        case _:
            return


def _changed_operators(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.BoolOp(op=op, values=values):
            other: ast.boolop = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{type(op).__name__} swapped", _setter(node, "op", other)
            for at in range(len(values)):
                yield f"operand {at} dropped", _dropper(values, at)
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd() | ast.Sub()):
            swapped: ast.operator = ast.BitAnd() if isinstance(node.op, ast.BitOr) else ast.BitOr()
            yield f"{type(node.op).__name__} swapped", _setter(node, "op", swapped)
        case _:
            return


def _changed_names(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Constant(value=bool() as value):
            yield f"{value} -> {not value}", _setter(node, "value", not value)
        case ast.Constant(value=int() as count):
            yield f"{count} -> {count + 1}", _setter(node, "value", count + 1)
        case ast.Name(id=name) if name in _NAMES:
            yield f"{name} -> {_NAMES[name]}", _setter(node, "id", _NAMES[name])
        case ast.Attribute(attr=name) if name in _METHODS:
            yield f"{name} -> {_METHODS[name]}", _method_changer(node)
        case _:
            return


def _setter(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)


def _replacer(ops: list[ast.cmpop], at: int, op: ast.cmpop) -> Callable[[], None]:
    return lambda: ops.__setitem__(at, op)


def _dropper(values: list[ast.expr], at: int) -> Callable[[], None]:
    return lambda: values.__delitem__(at)


def _method_changer(node: ast.Attribute) -> Callable[[], None]:
    name = f"_{node.attr}_as_{_METHODS[node.attr]}"

    def change() -> None:
        # `view.missing(…)` becomes `_missing_as_nothing_against.of(view)(…)`: the same call on something else.
        of = ast.Attribute(ast.Name(name, ast.Load()), "of", ast.Load())
        node.value, node.attr = ast.Call(of, [node.value], []), "call"

    return change


@dataclass(frozen=True)
class _Instead:
    """A method of a view that does what another would."""

    call: Callable[..., Any]


class _MissingAsNothingAgainst:
    """Absence taken for nothing said against."""

    @staticmethod
    def of(view: View) -> _Instead:
        return _Instead(lambda anchor, because, **_rest: view.nothing_against(anchor, because))


class _SupportingAsAll:
    """Everything asserted taken for what may support."""

    @staticmethod
    def of(view: View) -> _Instead:
        return _Instead(view.all)


def _as(result: Result) -> Callable[..., Finding]:
    def finding(because: str, **rest: Any) -> Finding:
        del because
        return Finding(result, "changed", tuple(rest.get("entries", ())))

    return finding


def run_mutant(mutant: Mutant) -> str:
    """Return how the mutant was caught; empty when no case noticed it."""
    tree = mutant.build()
    try:
        changed = _load(mutant.kind, tree)
    except Exception as error:  # noqa: BLE001 - a module that no longer loads is noticed, whatever it raises
        return f"does not load: {error}"
    with _in_its_place(changed):
        return find_catch(load_cases(mutant.kind))


def find_catch(cases: tuple[Case, ...]) -> str:
    """Return how the first case that notices differs; empty when none does."""
    for case in cases:
        try:
            difference = find_difference(case, run_case(case))
        except Exception as error:  # noqa: BLE001 - a predicate that breaks is noticed, whatever it raises
            return f"{case.name}: breaks: {error!r}"
        if difference:
            return difference
    return ""


def always(requirement: Requirement[Any], result: Result) -> Requirement[Any]:
    """Return the requirement with a predicate that answers `result` whatever it sees."""

    def check(_view: View, _parameters: Parameters, anchor: AnyEvent) -> Finding:
        return Finding(result, "always the same", (anchor.seq,))

    return copy_with(requirement, check)


def copy_with(
    requirement: Requirement[Any], check: Callable[[View, Parameters, AnyEvent], Finding]
) -> Requirement[Any]:
    """Return the requirement with another predicate."""
    fields = {name: getattr(requirement, name) for name in requirement.__dataclass_fields__}
    return Requirement(**(fields | {"check": check}))


def find_wrong_result(requirement: Requirement[Any]) -> str:
    """Return the name of the first case whose result `requirement`, in its place, gets wrong; empty when none."""
    with _in_its_place(requirement):
        return next((case.name for case in load_cases(requirement.kind) if run_case(case).result != case.expected), "")


@contextmanager
def _in_its_place(changed: Requirement[Any]) -> Iterator[None]:
    original = library._library[changed.kind]
    library._library[changed.kind] = changed
    try:
        yield
    finally:
        library._library[changed.kind] = original


def _module(requirement: Requirement[Any]) -> ModuleType:
    return sys.modules[requirement.check.__module__]


def _load(kind: str, tree: ast.Module) -> Requirement[Any]:
    """Return the requirement that the changed module enters, without entering it in the library."""
    module = _module(library.get_requirement(kind))
    entered: list[Requirement[Any]] = []
    names: dict[str, Any] = {
        "__name__": module.__name__,
        "_as_passed": _as("PASS"),
        "_as_failed": _as("FAIL"),
        "_missing_as_nothing_against": _MissingAsNothingAgainst,
        "_supporting_as_all": _SupportingAsAll,
    }
    with _library_apart(entered):
        exec(compile(tree, module.__file__ or "", "exec"), names)  # noqa: S102 - our own source, one change
    return entered[0]


@contextmanager
def _library_apart(entered: list[Requirement[Any]]) -> Iterator[None]:
    original = dict(library._library)
    library._library.clear()
    try:
        yield
    finally:
        entered.extend(library._library.values())
        library._library.clear()
        library._library.update(original)


def sample(mutants: list[Mutant], most: int) -> list[Mutant]:
    """Return at most `most` of the mutants, spread evenly, the same every time."""
    step = max(1, -(-len(mutants) // most))
    return mutants[::step]


def survey(requirement: Requirement[Any]) -> tuple[int, list[Mutant]]:
    """Return how many mutants a predicate has, and those that no case catches (all, where it has no cases yet)."""
    mutants = build_mutants(requirement)
    if requirement.kind not in shipped_names("histories/requirements"):
        return len(mutants), mutants
    return len(mutants), [mutant for mutant in mutants if not run_mutant(mutant)]


def main(kinds: list[str]) -> None:
    """Print the table: for each kind how many mutants its cases catch; for the kinds named, the survivors too."""
    for kind in kinds:
        library.get_requirement(kind)  # a kind that is misspelled ends here, with words that say so
    killed_all = total_all = 0
    for requirement in all_requirements():
        if not kinds or requirement.kind in kinds:
            total, survivors = survey(requirement)
            killed_all, total_all = killed_all + total - len(survivors), total_all + total
            _print_row(requirement.kind, total - len(survivors), total)
            for mutant in survivors if kinds else ():
                print(f"    line {mutant.line}: {mutant.change}")  # noqa: T201 - the table's detail
    _print_row("all", killed_all, total_all)


def _print_row(name: str, killed: int, total: int) -> None:
    print(f"{name:<34}{killed:>6}/{total:<6}{100 * killed // max(1, total):>4} %")  # noqa: T201 - a table


if __name__ == "__main__":
    main(sys.argv[1:])
