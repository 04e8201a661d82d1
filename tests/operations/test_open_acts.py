"""Acts asked about together, or only some of them, are ruled on as each would be alone; what is kept is the same."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import pytest

from alteram.core.acts import ExhibitLodged, ReporterAsked, all_specs
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.drafts import TRIED, build_basis, find_drafts
from alteram.operations.entries import enter
from alteram.operations.matter_page import find_matter_page
from alteram.operations.open_acts import find_acts, find_fitting
from alteram.operations.organisation import Organisation
from alteram.operations.perform import rule_on
from alteram.operations.questions import OpenAct, find_open_acts
from tests.unit.access.test_leaks import HIDDEN, INVESTIGATOR, WITNESS, play
from tests.worlds import CHAIR, CUSTODIAN, M1, MANAGER, PANEL, RESPONDENT, SECRETARY, do, found_small_body, open_world

PARTS = (MANAGER, RESPONDENT, HIDDEN, WITNESS, INVESTIGATOR, CHAIR, CUSTODIAN, SECRETARY, PANEL[0])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A matter in which everybody has something to do."""
    with open_world("memory", tmp_path_factory.mktemp("open-acts")) as world:
        organisation = world.open()
        found_small_body(organisation)
        play(organisation)
        yield organisation


def ask_one_by_one(organisation: Organisation, stream: StreamId, person: PersonId) -> dict[str, OpenAct]:
    """Return the same as `find_open_acts`, with the stream read anew for every draft of every act."""
    now = organisation.ports.clock().replace(microsecond=0)
    told: dict[str, OpenAct] = {}
    for one in find_open_acts(organisation, stream, person, now=now).acts:
        facts = organisation.facts(stream, fresh=True)
        drafts = find_drafts(one.spec, build_basis(facts, organisation.governing(stream), person, now))
        rulings = [
            rule_on(organisation, stream, draft, person, now=now)
            for draft in islice(drafts, TRIED if one.is_own else 1)
        ]
        refused = [ruling for ruling in rulings if isinstance(ruling, Refused)]
        kindest = min(
            refused, key=lambda each: (len(each.missing) + len(each.also), each.earliest is None), default=None
        )
        ruling = next((each for each in rulings if not isinstance(each, Refused)), kindest)
        assert ruling is not None
        told[one.spec.name] = OpenAct(one.spec, one.by, one.is_own, ruling)
    return told


@pytest.mark.parametrize("person", PARTS)
def test_acts_asked_about_together_are_ruled_on_as_one_by_one(played: Organisation, person: PersonId) -> None:
    found = find_open_acts(played, M1, person)
    assert {one.spec.name: one for one in found.acts} == ask_one_by_one(played, M1, person)
    assert len(found.acts) == sum(spec.stream == "matter" for spec in all_specs())


@pytest.mark.parametrize("person", [SECRETARY, CHAIR])
def test_acts_of_the_organisation_too(played: Organisation, person: PersonId) -> None:
    found = find_open_acts(played, ORGANISATION_STREAM, person)
    assert {one.spec.name: one for one in found.acts} == ask_one_by_one(played, ORGANISATION_STREAM, person)


@pytest.mark.parametrize("person", PARTS)
def test_some_acts_are_told_as_among_all(played: Organisation, person: PersonId) -> None:
    entered, now = enter(played, M1, person), played.ports.clock()
    names = frozenset({"reporter.asked", "response.given", "meeting.called", "no-such.act"})
    some = find_open_acts(played, M1, person, among=names, now=now)
    every = find_acts(entered, now=now)
    assert some.acts == tuple(one for one in every.acts if one.spec.name in names)
    assert (some.parts, some.stage, some.next_stage) == (every.parts, every.stage, every.next_stage)


@pytest.mark.parametrize("person", PARTS)
def test_fitting_acts_are_the_same_whether_all_were_asked_about_before_or_not(
    played: Organisation, person: PersonId
) -> None:
    now = played.ports.clock()
    alone = find_fitting(enter(played, M1, person), now=now + timedelta(minutes=5))
    find_acts(enter(played, M1, person), now=now + timedelta(minutes=7))
    among_all = find_fitting(enter(played, M1, person), now=now + timedelta(minutes=7))
    assert [one.spec.name for one in alone] == [one.spec.name for one in among_all]
    assert find_matter_page(played, M1, person, now=now).acts == find_fitting(enter(played, M1, person), now=now)


def test_what_was_kept_is_asked_again_once_something_was_done(played: Organisation) -> None:
    now = played.ports.clock()
    before = find_acts(enter(played, M1, MANAGER), now=now)
    assert find_acts(enter(played, M1, MANAGER), now=now) is before
    do(played, M1, ReporterAsked(text="And then?"), MANAGER)
    do(played, M1, ExhibitLodged(exhibit="e9", kind="document", obtained="given", title="A letter"), MANAGER)
    assert find_acts(enter(played, M1, MANAGER), now=now) is not before
