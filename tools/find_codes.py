"""Every code that a refusal or an error can carry, taken out of the code, with what is said beside it.

Found are codes that stand where an error or a refusal is made, in the constructor of an error, and where a function
takes a code to pass it on. A code is a text there, the name of one, or a choice between some.
"""

import ast
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parents[1] / "src" / "alteram"
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")
_PLACE: Final = re.compile(r"\{\w*\}")


@dataclass(slots=True)
class Codes:
    """Codes, each with the texts that are said beside it."""

    refusals: dict[str, set[str]] = field(default_factory=dict)
    errors: dict[str, set[str]] = field(default_factory=dict)


def find_codes(folder: Path = SOURCE) -> Codes:
    """Return every code in a folder of modules."""
    found = Codes()
    modules = [_Module(ast.parse(path.read_text())) for path in sorted(folder.rglob("*.py"))]
    passing = {name: one for module in modules for name, one in module.passing.items()}
    for module in modules:
        for code, text, is_refusal in module.find(passing):
            (found.refusals if is_refusal else found.errors).setdefault(code, set()).update({text} if text else ())
    return found


@dataclass(frozen=True, slots=True)
class _Passing:
    """A function that passes a code on: where the code stands among what it is given; whether it makes a refusal."""

    at: int
    is_refusal: bool


class _Module:
    """One module: the names it gives to texts, and the functions in it that pass a code on."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._named: dict[str, list[ast.expr]] = {}
        for target, value in _assignments(tree):
            self._named.setdefault(target, []).append(value)
        self._imported = {
            one.asname or one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names
        }
        self._constructors = {
            id(call)
            for one in ast.walk(tree)
            if isinstance(one, ast.ClassDef) and one.name.endswith("Error")
            for call in ast.walk(one)
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__"
        }
        self.passing = _find_passing(tree)

    def find(self, passing: dict[str, _Passing]) -> Iterator[tuple[str, str, bool]]:
        """Yield each code, what is said beside it, and whether it is that of a refusal."""
        for node in ast.walk(self._tree):
            if not isinstance(node, ast.Call):
                continue
            known = self._find_maker(node, passing)
            if known is None or len(node.args) <= known.at:
                continue
            texts = [one for one in map(_read_text, node.args[known.at + 1 :]) if " " in one]
            for code in self._read_codes(node.args[known.at]):
                yield code, (texts[0] if texts else ""), known.is_refusal

    def _find_maker(self, call: ast.Call, passing: dict[str, _Passing]) -> _Passing | None:
        """Return how what is called takes a code; None where it takes none."""
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name == "Refused":
            return _Passing(0, True)
        if name.endswith("Error") or id(call) in self._constructors:
            return _Passing(0, False)
        return self.passing.get(name) or (passing.get(name) if name in self._imported else None)

    def _read_codes(self, node: ast.expr) -> Iterator[str]:
        match node:
            case ast.Constant(value=str(code)) if _CODE.fullmatch(code):
                yield code
            case ast.IfExp(body=one, orelse=other):
                yield from (*self._read_codes(one), *self._read_codes(other))
            case ast.Name(id=name):
                yield from (code for value in self._named.get(name, ()) for code in self._read_codes(value))
            case ast.Call(func=ast.Name(id="getattr"), args=[_, _, instead]):
                yield from self._read_codes(instead)
            case _:
                pass


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name with what it is given, also where several are given at once, by one of two choices."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                for choice in [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]:
                    yield from _pairs(target, choice)
            case _:
                pass


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case ast.Tuple(elts=names), ast.Tuple(elts=values):
            yield from ((one.id, each) for one, each in zip(names, values, strict=False) if isinstance(one, ast.Name))
        case _:
            pass


def _find_passing(tree: ast.Module) -> dict[str, _Passing]:
    """Return the functions that take a code and hand it to what makes an error or a refusal, or to another of them."""
    taking = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name != "__init__"]
    taking = [one for one in taking if "code" in _read_taken(one)]
    found: dict[str, _Passing] = {}
    while True:
        more = [
            one for one in taking if one.name not in found and any(_hands_on(call, found) for call in ast.walk(one))
        ]
        if not more:
            return found
        for one in more:
            returned = "" if one.returns is None else ast.unparse(one.returns)
            found[one.name] = _Passing(_read_taken(one).index("code"), "Refused" in returned)


def _read_taken(function: ast.FunctionDef) -> list[str]:
    return [one.arg for one in function.args.args if one.arg not in {"self", "cls"}]


def _hands_on(node: ast.AST, passing: Container[str]) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args):
            makes = name == "Refused" or name.endswith("Error") or name in passing
            return makes and any(isinstance(one, ast.Name) and one.id == "code" for one in args)
        case _:
            return False


def _read_text(node: ast.expr) -> str:
    """Return a text, also a phrase; the parts of it that vary become an ellipsis."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(str(one.value) if isinstance(one, ast.Constant) else "…" for one in values)
        case ast.Call(func=ast.Name(id="phrase"), args=[ast.Constant(value=str(text)), *_]):
            return _PLACE.sub("…", text)
        case _:
            return ""
