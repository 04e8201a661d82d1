"""What we build on: pinned by hash, without addresses, explained, and under licences we may ship."""

import re
from importlib.metadata import PackageNotFoundError, distribution

import pytest

from tests.house.tree import ROOT

FOLDER = ROOT / "requirements"
NAMES = ["bootstrap", "product", "develop"]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
_INSTALLED_TOOLS = {"uv"}  # brought by bootstrap.txt


def pins(name: str) -> dict[str, str]:
    """The packages of a locked file, with their versions."""
    found = (_PIN.match(line) for line in (FOLDER / f"{name}.txt").read_text().splitlines())
    return {_normal(pin[1]): pin[2] for pin in found if pin}


def asked_for(name: str) -> dict[str, str]:
    """The packages a person asked for, with the rest of their line."""
    lines = [
        line for line in (FOLDER / f"{name}.in").read_text().splitlines() if line and not line.startswith(("#", "-r"))
    ]
    return {_normal(re.split(r"[\[<>=#~! ]", line)[0]): line for line in lines}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_says_what_it_is_for(name: str) -> None:
    silent = [
        package for package, line in asked_for(name).items() if not re.search(r"  ?# \w+", line) and " # " not in line
    ]
    if name == "bootstrap":
        assert "uv" in asked_for(name)
    assert not silent, f"write a comment beside it: {silent}"


@pytest.mark.parametrize("name", NAMES)
def test_whatever_was_asked_for_is_pinned(name: str) -> None:
    missing = asked_for(name).keys() - pins(name).keys()
    assert not missing, f"run `make lock`: {missing}"


@pytest.mark.parametrize("name", NAMES)
def test_everything_pinned_has_hashes(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text().replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if _PIN.match(line)]
    assert pinned
    assert not [line.split()[0] for line in pinned if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", line)]


@pytest.mark.parametrize("name", [f"{name}.{kind}" for name in NAMES for kind in ("in", "txt")])
def test_requirement_files_hold_no_addresses(name: str) -> None:
    text = (FOLDER / name).read_text()
    assert not re.findall(r"\w+://\S*|--(?:extra-)?index-url.*|--find-links.*|--trusted-host.*| @ .*", text)


def test_what_is_tested_is_what_is_shipped() -> None:
    developed = pins("develop")
    other = {
        name: (version, developed.get(name))
        for name, version in pins("product").items()
        if developed.get(name) != version
    }
    assert not other, f"run `make lock`, which pins the product first: {other}"


def test_no_package_of_the_product_is_under_a_licence_we_may_not_ship() -> None:
    found, seen = {}, 0
    for name in pins("product"):
        try:
            metadata = distribution(name).metadata
        except PackageNotFoundError:
            continue  # for another system or version of Python
        seen += 1
        said = [
            value for key in ("License", "License-Expression", "Classifier") for value in metadata.get_all(key) or ()
        ]
        if re.search(r"AGPL|Affero", "\n".join(said)):
            found[name] = said
    assert seen > 10
    assert not found, f"choose another package: {found}"


def test_development_tools_are_not_shipped() -> None:
    tools = asked_for("develop").keys()
    assert not tools & asked_for("product").keys()
    assert not {"pytest", "ruff", "mypy", "sphinx", "hypothesis"} & pins("product").keys()
