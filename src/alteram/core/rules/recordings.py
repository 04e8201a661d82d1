"""What the law of a place asks of whoever records a conversation, held against the consents that are on record.

It compares who spoke, who lodged, and what each speaker said; it never says that a recording may be used. That is ruled
on, and a ruling may cite the rule. UNKNOWN stands wherever the record does not settle it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from alteram.core.acts import ConsentRecorded, ExhibitLodged
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Event, Facts
from alteram.core.rules.exhibits import live_acts
from alteram.core.rules.findings import Finding, failed, passed, unknown
from alteram.core.rules.rulebook import Pack
from alteram.core.rules.standards import RecordingRule

_PARTIES: Final = "one-party"


@dataclass(frozen=True, slots=True)
class CitedRule:
    """A rule on recordings with the pack that carries it, and the text of its clause."""

    pack: str
    title: str
    text: str
    rule: RecordingRule

    @property
    def citation(self) -> str:
        """Return how a ruling cites it."""
        return f"{self.pack}: {self.rule.clause}"


def find_recording_rule(packs: Iterable[Pack]) -> CitedRule | None:
    """Return the first rule on recordings that one of these packs carries; None where none does."""
    for pack in packs:
        for rule in pack.recordings or ():
            text = next((one.text for one in pack.clauses if one.id == rule.clause), "")
            return CitedRule(pack.id, pack.title, text, rule)
    return None


def find_consents(facts: Facts, exhibit: str) -> dict[PersonId, Event[ConsentRecorded]]:
    """Return what was last recorded of each speaker's consent: by themselves, or where they say nothing by others.

    That somebody agreed is not taken from others; nor do others take back what a speaker said.
    """
    said = [one for one in live_acts(facts, ConsentRecorded) if one.act.exhibit == exhibit]
    told = {one.act.speaker: one for one in said if one.act.state in {"refused", "unknown"}}
    return told | {one.act.speaker: one for one in said if one.actor == one.act.speaker}


def weigh_consent(
    facts: Facts, cited: CitedRule | None, lodged: Event[ExhibitLodged], *, unknown_people: frozenset[PersonId]
) -> dict[PersonId, Finding]:
    """Return of each speaker in a recording whether the rule is met, as far as the record says.

    Only speakers can say that they agreed. Whoever lodged what they made themselves, and speaks in it, agreed by that;
    this is not told where the reader may not know who they are.
    """
    act = lodged.act
    said: dict[PersonId, str] = {one: event.act.state for one, event in find_consents(facts, act.exhibit).items()}
    if act.obtained == "made-by-lodger" and lodged.actor in act.speakers and lodged.actor not in unknown_people:
        said[lodged.actor] = "made"
    if cited is None:
        nothing = unknown(phrase("No rule on recordings is cited by the packs that the rulebook builds on."))
        return dict.fromkeys(act.speakers, nothing)
    if cited.rule.consent == _PARTIES:
        open_to = {one: state for one, state in said.items() if one not in unknown_people}
        return dict.fromkeys(act.speakers, _weigh_parties(act, open_to))
    return {one: _weigh_one(said.get(one, "unknown")) for one in act.speakers}


def _weigh_parties(act: ExhibitLodged, said: dict[PersonId, str]) -> Finding:
    states = [said.get(one, "unknown") for one in act.speakers]
    if "made" in states:
        return passed(phrase("Whoever made it took part in the conversation."))
    if "before" in states:
        return passed(phrase("Somebody who took part agreed beforehand."))
    if states and set(states) == {"refused"}:
        return failed(phrase("Everybody who took part refused."))
    return unknown(phrase("It is not on record that anybody who took part made it, or agreed beforehand."))


def _weigh_one(state: str) -> Finding:
    match state:
        case "made":
            return passed(phrase("They made it themselves."))
        case "before":
            return passed(phrase("They agreed beforehand."))
        case "refused":
            return failed(phrase("They refused."))
        case "after":
            return unknown(phrase("They agreed afterwards; whether that is enough is for whoever rules."))
        case _:
            return unknown(phrase("They have not said on record whether they agreed."))
