"""Bad faith after the outcome: burying an appeal, letting a friend off.

Who is who, see test_attacks.
"""

import msgspec
import pytest

from alteram.adapters.rulebooks import load_rulebook
from alteram.core.acts import AppealPanelFormed, AppealRefused, ReviewAsked, ReviewDecided, SecondKeyGiven
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused, Ruling
from alteram.core.matters import build_live_event
from alteram.core.rules import decide
from alteram.core.rules.rulebook import Rulebook
from tests.rules.lawful import RULEBOOK, Play, after, before

#: The same offices and procedures with nothing that gates an act: what still holds, no rulebook can let go.
BARE = msgspec.structs.replace(RULEBOOK, demands=())


def person(name: str) -> PersonId:
    return PersonId(name)


def codes(ruling: Ruling) -> set[str]:
    assert isinstance(ruling, Refused), ruling
    return {ruling.code, *(one.code for one in ruling.also)}


def rule(play: Play, rulebook: Rulebook, by: str, act: Act) -> Ruling:
    event = build_live_event(act, seq=play.facts.matter.head_seq + 1, actor=person(by), at=play.now)
    return decide(play.facts, rulebook, event, play.now)


# Burying an appeal


def refusal(play: Play) -> AppealRefused:
    return AppealRefused(appeal=play.seq("appeal.lodged"), reasons="t")


def test_appeal_is_not_refused_by_one_person() -> None:
    play = before("appeal.admitted")
    assert codes(play.propose("x01", refusal(play))) == {"requirement.appeal-refusal"}
    assert play.propose("x01", SecondKeyGiven(to_act="appeal.refused"))
    assert codes(play.propose("x01", refusal(play))) == {"requirement.appeal-refusal"}
    assert play.propose("x02", SecondKeyGiven(to_act="appeal.refused"))
    assert play.propose("x01", refusal(play))


def test_key_of_somebody_who_voted_does_not_refuse_an_appeal() -> None:
    play = before("appeal.admitted")
    assert play.propose("m10", SecondKeyGiven(to_act="appeal.refused"))
    assert codes(play.propose("x01", refusal(play))) == {"requirement.appeal-refusal"}


def test_appeal_is_not_refused_by_those_who_hear_no_appeals() -> None:
    play = before("appeal.admitted")
    assert play.propose("x02", SecondKeyGiven(to_act="appeal.refused"))
    for other in ("m02", "m09", "m10", "m12"):
        assert isinstance(play.propose(other, refusal(play)), Refused)


@pytest.mark.parametrize("insider", ["m01", "m09", "m12", "x04"])
def test_no_rulebook_lets_those_who_decided_or_handled_refuse_the_appeal(insider: str) -> None:
    play = before("appeal-panel.formed")
    formed = AppealPanelFormed(members=(person(insider), person("x01")), appeal=play.seq("appeal.lodged"))
    event = build_live_event(formed, seq=play.facts.matter.head_seq + 1, actor=person("m10"), at=play.now)
    play.facts = play.facts.with_event(event)
    assert codes(rule(play, BARE, insider, refusal(play))) == {"appeal.own-cause"}
    assert rule(play, BARE, "x01", refusal(play))


def test_no_rulebook_lets_those_who_decided_refuse_an_appeal_against_the_sanction() -> None:
    play = before("appeal.lodged")
    (lodged, formed) = (after("appeal-panel.formed").facts.matter.every())[-2:]
    against = msgspec.structs.replace(lodged.act, against=play.seq("sanction.imposed"))
    for act, by in ((against, "m05"), (msgspec.structs.replace(formed.act, members=(person("m01"),)), "m10")):
        event = build_live_event(act, seq=play.facts.matter.head_seq + 1, actor=person(by), at=play.now)
        play.facts = play.facts.with_event(event)
    assert codes(rule(play, BARE, "m01", refusal(play))) == {"appeal.own-cause"}


def test_refused_appeal_can_be_reviewed() -> None:
    play = before("appeal.admitted")
    assert play.propose("x02", SecondKeyGiven(to_act="appeal.refused"))
    assert play.propose("x01", refusal(play))
    assert play.propose("m05", ReviewAsked(of=play.seq("appeal.refused"), text="t"))
    assert play.propose("x03", ReviewDecided(review=play.seq("review.asked"), outcome="to-be-taken-up", reasons="t"))


def test_small_club_does_not_let_its_chair_refuse_the_appeal_against_their_decision() -> None:
    club = load_rulebook("small-club")
    play = before("appeal-panel.formed")
    formed = AppealPanelFormed(members=(person("m09"),), appeal=play.seq("appeal.lodged"))
    event = build_live_event(formed, seq=play.facts.matter.head_seq + 1, actor=person("m10"), at=play.now)
    play.facts = play.facts.with_event(event)
    assert codes(rule(play, club, "m09", refusal(play))) == {"appeal.own-cause"}
