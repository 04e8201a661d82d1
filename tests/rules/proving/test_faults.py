"""Rulebooks with a fault hidden in an interplay of clauses are refuted, each with the story that was expected of it.

Each file of `faults/` changes a shipped rulebook, which is proved without the change. What the prover misses says why.
"""

from pathlib import Path

import pytest
import yaml

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.core.rules.proving.prove import PROPERTIES, Property, prove
from alteram.core.rules.proving.searching import Violation
from alteram.core.rules.proving.telling import tell
from tests.rules.proving.overlays import FAULTS, Fault, load_fault, spell_otherwise

_FILES = sorted(FAULTS.glob("*.yaml"))
_AT_LEAST = 12


def find_property(name: str) -> Property:
    (found,) = (one for one in PROPERTIES if one.id == name)
    return found


def find_told(fault: Fault) -> tuple[Violation, ...]:
    properties = (find_property(fault.expected.property),)
    return prove(fault.rulebook, fault.packs, properties=properties).results[0].violations


def is_expected(fault: Fault, violation: Violation) -> bool:
    story, expected = tell(fault.rulebook, violation), fault.expected
    return (
        violation.about == expected.about
        and story.clause == expected.clause
        and expected.because in story.because
        and expected.otherwise in spell_otherwise(violation)
    )


_SLOW = {
    "departure-cuts-into-what-the-statute-leaves",
    "charge-changed-after-the-door-was-opened",
    "departure-lets-the-hearing-go",
    "penalty-called-a-measure",
}


@pytest.mark.parametrize(
    "path",
    [pytest.param(one, id=one.stem, marks=[pytest.mark.campaign] if one.stem in _SLOW else []) for one in _FILES],
)
def test_fault_is_refuted_by_the_story_that_ends_with_what_should_not_have_been_allowed(path: Path) -> None:
    fault = load_fault(path)
    found = find_told(fault)
    told = [(one.about, one.clause, spell_otherwise(one)) for one in found]
    assert any(is_expected(fault, one) for one in found) == (not fault.missed), told or "proved"
    for violation in (one for one in found if is_expected(fault, one)):
        story = tell(fault.rulebook, violation)
        assert [line.wrong for line in story.lines if line.wrong] == ([True] if violation.at is not None else [])
        assert not story.lines or violation.at is None or story.lines[-1].wrong


def test_at_least_a_dozen_faults_are_found() -> None:
    assert len([path for path in _FILES if not yaml.safe_load(path.read_text()).get("missed")]) >= _AT_LEAST


@pytest.mark.parametrize("name", ["small-club", pytest.param("caucus", marks=pytest.mark.campaign)])
def test_rulebook_without_the_fault_is_proved(name: str) -> None:
    rulebook = load_rulebook(name)
    assert prove(rulebook, load_packs(rulebook)).proved
