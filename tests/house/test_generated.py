import re
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from alteram.core.kernel.errors import AlteramError
from tests.house.tree import ROOT
from tools.find_codes import find_codes
from tools.generate_docs import TARGET, build_pages

PAGES = build_pages()


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_what_the_code_says(name: str) -> None:
    assert (TARGET / name).read_text() == PAGES[name], f"docs/generated/{name} is old: run make docs"


def test_every_act_and_every_kind_of_requirement_is_in_the_catalogues() -> None:
    assert PAGES["acts.md"].count("\n| `") > 150
    assert PAGES["requirements.md"].count("\n## ") > 40


def find_listed() -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", PAGES["codes.md"], re.MULTILINE))


def find_kinds(kind: type[AlteramError] = AlteramError) -> Iterator[type[AlteramError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from find_kinds(one)


def test_every_code_that_the_specification_or_the_second_verifier_names_is_listed() -> None:
    specified = {
        code
        for path in (ROOT / "docs" / "spec").glob("*.md")
        for named in re.findall(r"\[([a-z0-9.;, -]+)\]", path.read_text())
        for code in re.split(r"[,;] ", named)
        if re.fullmatch(r"[a-z0-9-]+\.[a-z0-9.-]+", code)
    }
    reported = {
        code
        for path in (ROOT / "conformance").glob("*.py")
        for code in re.findall(r'Failure\(\s*"([a-z0-9.-]+)"', path.read_text())
    }
    assert len(specified) > 100
    assert (specified | reported) - find_listed() == set()


def test_every_code_that_an_error_sets_by_itself_is_listed() -> None:
    bare: list[Any] = [one for one in find_kinds() if not signature(one).parameters]
    own = {vars(one()).get("code") for one in bare} - {None}
    assert "file.other" in own
    assert own - find_listed() == set()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise VaultError("a.b", "It is so.")', {"a.b": {"It is so."}}),
        ('raise VaultError("a.b", phrase("It has {n} keys.", n=3))', {"a.b": {"It has … keys."}}),
        ('raise VaultError("a.b" if one else "a.c", f"It has {n}.")', {"a.b": {"It has …."}, "a.c": {"It has …."}}),
        ('class OwnError(VaultError):\n def __init__(self): super().__init__("a.b", "It is.")', {"a.b": {"It is."}}),
        ('code, n = ("a.b", 1) if one else ("a.c", 2)\nraise VaultError(code, "")', {"a.b": set(), "a.c": set()}),
        ('def f(self, n, code): raise VaultError(code, "")\nself.f(1, "a.b")', {"a.b": set()}),
        ('def g(code): self.f(1, code)\ndef f(n, code): raise VaultError(code, "")\ng("a.b")', {"a.b": set()}),
        ('code = getattr(error, "code", "a")\nraise VaultError(code, "")', {"a": set()}),
        ('def f(code): show(code)\nf("a.b")', {}),
        ('raise ValueError("It is so.")', {}),
    ],
)  # fmt: skip
def test_code_is_found_wherever_an_error_gets_it(tmp_path: Path, code: str, found: dict[str, set[str]]) -> None:
    (tmp_path / "one.py").write_text(code)
    assert find_codes(tmp_path).errors == found


def test_code_of_a_refusal_is_found_where_another_module_makes_it(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text('def refuse(code: str) -> Refused: return Refused(code, "record")')
    (tmp_path / "two.py").write_text('from one import refuse\nrefuse("a.b", "It is late.")')
    assert find_codes(tmp_path).refusals == {"a.b": {"It is late."}}
