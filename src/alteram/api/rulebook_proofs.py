"""Is a rulebook fair? Its proof, and the published standards that rulebooks build on."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from alteram.api import shapes
from alteram.api.calling import BearerToken, Org, get_calling
from alteram.api.problems import ProblemError, misfit, not_found
from alteram.bootstrap.choosing import list_packs
from alteram.bootstrap.rulebooks import read_packs, read_rulebook
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules import Pack, build_digest, encode_rulebook
from alteram.installation.background import BusyError
from alteram.installation.rulebook_proofs import (
    KeptProof,
    ask_for_proof,
    ask_for_proof_of,
    find_proof,
    find_proof_by_key,
)
from alteram.operations.proving import ToldResult, need_rules_open

router = Router(tags=["rulebook"], auth=BearerToken("read"))
_LONGEST = 1 << 20
State: TypeAlias = Literal["not-asked-for", "under-way", "broke-off", "proved", "refuted", "not-covered"]
_DIGEST = "^([0-9a-f]{64})?$"


class StoryLine(Schema):
    """One act of a story; day 0 is the first of the matter. `wrong`: it should not have been allowed."""

    day: int
    who: str
    what: str
    act: str
    clause: str
    otherwise: bool
    wrong: bool


class FileLine(Schema):
    """A line of the rulebook's file: `+` it is new, `-` it goes, a space it stays, `…` some are left out before it."""

    mark: Literal["+", "-", " ", "…"]
    text: str


class ProposedChange(Schema):
    """What would mend it: in words, and as lines of the file where it could be written into that."""

    title: str
    lines: list[FileLine]


class UnfairWay(Schema):
    """One way in which the rules are unfair: why, the clause to amend, and the acts that matter."""

    because: str
    clause: str
    requirement: str | None
    otherwise: list[str]
    lines: list[StoryLine]
    left_out: int
    proposal: ProposedChange | None


class ProvedProperty(Schema):
    """What one property came to, and how much was searched."""

    property: str
    title: str
    verdict: Literal["proved", "refuted", "not covered"]
    plays: int
    rulings: int
    violations: list[UnfairWay]


class RulebookProof(Schema):
    """How the proof of a version stands: `properties` are those that are done, of `parts`.

    `proof` names it, to ask again; it is null, like the times, where nobody asked for one.
    """

    proof: str | None
    digest: str | None
    state: State
    parts: int
    properties: list[ProvedProperty]
    asked_at: datetime | None
    ended_at: datetime | None


class ToProve(shapes.Asked):
    """What is to be proved: a version that is proposed (YAML), else one that was adopted, else the one in force."""

    text: Annotated[str, Field(max_length=_LONGEST)] = ""
    version: Annotated[str, Field(pattern=_DIGEST)] = ""


class Standard(Schema):
    """A pack that ships. It is an aid, not legal advice; `as_of` is the day on which its sources were read."""

    pack: str
    title: str
    version: str
    jurisdiction: str
    as_of: str
    digest: str
    requirements: int


class WholeStandard(Standard):
    """A pack in its executable form: clauses, demands with source and status, what no record decides, notes."""

    content: dict[str, Any]


@router.get(
    "/{org}/rulebook/proof", response=RulebookProof, operation_id="show_rulebook_proof", summary="Are the rules fair?"
)
def show_proof(
    request: HttpRequest,
    org: Org,
    version: Annotated[str, Query(pattern=_DIGEST, description="A version by its digest; else the one in force.")] = "",
    proof: Annotated[
        str, Query(pattern=_DIGEST, description="The name of a proof, such as of a version that was proposed.")
    ] = "",
) -> RulebookProof:
    """Tell how the proof of a version stands, and what is known of it so far."""
    del org
    calling = get_calling(request)
    if not proof:
        return _tell(find_proof(calling.asking, calling.person, version))
    found = find_proof_by_key(calling.asking, calling.person, proof)
    if found is None:
        raise not_found()
    return _tell(found)


@router.post(
    "/{org}/rulebook/proof",
    response={202: RulebookProof},
    auth=BearerToken("rulebook"),
    operation_id="ask_for_proof",
    summary="Have the rules proved",
)
def ask(request: HttpRequest, org: Org, wanted: ToProve) -> RulebookProof:
    """Have a version proved: it takes minutes, and what it comes to is kept. Nothing is recorded.

    A version that was proved, or is being proved, is not proved again.
    """
    del org
    calling = get_calling(request)
    try:
        if not wanted.text:
            return _tell(ask_for_proof(calling.asking, calling.person, wanted.version))
        need_rules_open(calling.asking.organisation, calling.person)
        try:
            rulebook = read_rulebook(wanted.text.encode("utf-8", "replace"), "rulebook.yaml")
            packs = read_packs(rulebook)
        except AlteramError as error:
            raise misfit("body.text", f"{error.problem} {error.remedy}") from error
        return _tell(ask_for_proof_of(calling.asking, calling.person, rulebook, packs, wanted.text))
    except BusyError as error:
        raise ProblemError(409, "full", f"{error.problem} {error.remedy}") from error


@router.get(
    "/{org}/standards", response=list[Standard], operation_id="list_standards", summary="The published standards"
)
def list_standards(request: HttpRequest, org: Org) -> list[shapes.Answer]:
    """List the packs that ship, which rules can build on and matters be measured by."""
    del org
    calling = get_calling(request)
    need_rules_open(calling.asking.organisation, calling.person)
    return [_describe(one) for one in list_packs()]


@router.get(
    "/{org}/standards/{pack}", response=WholeStandard, operation_id="show_standard", summary="A published standard"
)
def show_standard(request: HttpRequest, org: Org, pack: shapes.Identifier) -> shapes.Answer:
    """Return a pack that ships: what it says and asks, with the source of each requirement and its status."""
    del org
    calling = get_calling(request)
    need_rules_open(calling.asking.organisation, calling.person)
    found = next((one for one in list_packs() if one.id == pack), None)
    if found is None:
        raise not_found()
    return {**_describe(found), "content": msgspec.json.decode(encode_rulebook(found))}


def _describe(pack: Pack) -> dict[str, object]:
    return {
        "pack": pack.id,
        "title": pack.title,
        "version": pack.version,
        "jurisdiction": pack.jurisdiction,
        "as_of": pack.as_of,
        "digest": build_digest(encode_rulebook(pack)),
        "requirements": len(pack.demands),
    }


def _tell(proof: KeptProof | None) -> RulebookProof:
    if proof is None:
        return RulebookProof(
            proof=None, digest=None, state="not-asked-for", parts=0, properties=[], asked_at=None, ended_at=None
        )
    return RulebookProof(
        proof=proof.key,
        digest=proof.digest,
        state=_find_state(proof),
        parts=proof.parts,
        properties=[_tell_property(one) for one in proof.told.results],
        asked_at=proof.asked_at,
        ended_at=proof.ended_at,
    )


def _tell_property(result: ToldResult) -> ProvedProperty:
    told = asdict(result)
    for one in told["violations"]:
        one["requirement"] = one["demand"] and one["demand"]["id"]
    return ProvedProperty.model_validate(told)


def _find_state(proof: KeptProof) -> State:
    if proof.has_failed:
        return "broke-off"
    if proof.is_under_way:
        return "under-way"
    if proof.told.ways:
        return "refuted"
    return "proved" if proof.told.is_proved else "not-covered"
