"""A vote is counted of the right number: who stood down leaves the base, and an abstention is not a vote against.

Found wrong in practice in NixOS/org issue 184, 4minitz issue 390 and w3c/process pull request 888. It compares the
count the scrutineers gave with the roll; how anybody voted it never sees.
"""

from collections.abc import Iterator

from alteram.core.acts import PersonRecused, VoteTaken
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_people, as_word, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.people import SITTING, find_members_at, find_stood_down
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.rulebook import Base
from alteram.core.rules.view import View
from alteram.core.rules.voting import PUTTING, count_cast, find_body_voting, find_motion, find_sanction_put


class VoteBase(Parameters, frozen=True, kw_only=True):
    """`base`: of what number a vote is counted where neither the motion nor the ladder of sanctions says."""

    base: Base | None = None


@requirement(
    "vote-base",
    covers=("T7", "T8"),
    parameters=VoteBase,
    anchors=(VoteTaken,),
    reads=(PersonRecused, *PUTTING, *SITTING),
)
def check_vote_base(view: View, parameters: VoteBase, anchor: AnyEvent) -> Finding:
    """The vote was counted of the number stated before it, without those who stood down, abstentions being no votes."""
    if not isinstance(anchor.act, VoteTaken):
        return view.missing(anchor, phrase("This is not a vote."))
    motion = find_motion(view, anchor.act.motion)
    body = find_body_voting(view, motion)
    sitting = frozenset() if body is None else find_members_at(view, body, anchor)
    recused = find_stood_down(view, "decider", anchor) & sitting
    base = _stated_base(view, parameters, anchor.act.motion)
    if not sitting or base is None:
        lacking = phrase("who may vote") if not sitting else phrase("of what number the vote is counted")
        return view.missing(
            anchor,
            phrase("Nothing showed before the vote {lacking}.", lacking=lacking),
            acts=("motion.put",),
            cures=(_cure(),),
        )
    wrong = list(_wrong(anchor.act, base, sitting, recused))
    if anchor.live:
        wrong += _uncounted(anchor.act)
    working = _working(anchor.act, len(sitting), len(recused))
    entries = (*(() if motion is None else (motion.seq,)), anchor.seq)
    if wrong:
        because: str = join(" ", wrong)
        return view.weigh(anchor, failed(because, entries=entries, working=working, cures=(_cure(),)))
    because = phrase(
        "The vote was counted of {base_count} ({base}).", base_count=anchor.act.base_count, base=as_word(base)
    )
    return view.weigh(anchor, passed(because, entries=entries, working=working))


def _stated_base(view: View, parameters: VoteBase, name: str) -> Base | None:
    motion = find_motion(view, name)
    if motion is None:
        return parameters.base
    sanction = view.rulebook.find_sanction(find_sanction_put(view, motion) or "")
    if sanction is not None and sanction.majority is not None:
        return sanction.majority.of
    return motion.act.base or parameters.base


def _wrong(vote: VoteTaken, base: Base, sitting: frozenset[PersonId], recused: frozenset[PersonId]) -> Iterator[str]:
    cast, eligible = count_cast(vote), len(sitting - recused)
    right = {
        "members": len(sitting),
        "eligible": eligible,
        "cast": cast,
        "present": min(vote.base_count, len(sitting)),
    }[base]
    if vote.base != base:
        yield phrase(
            "The vote was counted of {base}; it must be counted of {right}.",
            base=as_word(vote.base),
            right=as_word(base),
        )
    elif vote.base_count != right:
        yield phrase(
            "The base was {base_count}; it must be {right} ({base}).",
            base_count=vote.base_count,
            right=right,
            base=as_word(base),
        )
    if vote.recused != len(recused):
        yield phrase(
            "{counted} were counted as recused; {recused} had stood down.",
            counted=vote.recused,
            recused=len(recused),
        )
    could = min(eligible, vote.base_count) if vote.base == "present" else eligible
    if cast + vote.abstained > could:
        yield phrase("{cast} took part, and only {could} could.", cast=cast + vote.abstained, could=could)
    intruders = sorted(frozenset(vote.voters) - (sitting - recused))
    if intruders:
        yield phrase("Voters who had no vote: {intruders}.", intruders=as_people(intruders))


def _uncounted(vote: VoteTaken) -> Iterator[str]:
    """Yield what is wrong where the roll of voters, taken while they voted, does not hold everybody who was counted."""
    named = len(frozenset(vote.voters))
    if named and count_cast(vote) > named:
        yield phrase("{cast} votes were cast, and only {named} voters are named.", cast=count_cast(vote), named=named)


def _working(vote: VoteTaken, sitting: int, recused: int) -> tuple[str, ...]:
    return (
        phrase(
            "{sitting} in the body, less {recused} who stood down: {eligible} eligible",
            sitting=sitting,
            recused=recused,
            eligible=sitting - recused,
        ),
        phrase(
            "{votes_for} for and {votes_against} against: {cast} cast; {abstained} abstained",
            votes_for=vote.votes_for,
            votes_against=vote.votes_against,
            cast=count_cast(vote),
            abstained=vote.abstained,
        ),
    )


def _cure() -> Cure:
    return Cure(
        "vote.taken", ("scrutineer", "chair"), phrase("State the base with the motion, and take the vote again.")
    )
