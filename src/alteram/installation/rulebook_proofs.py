"""Proofs of rulebooks: asked for by whoever may read the rules, made as long work, kept for whoever asks again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from yaml import YAMLError

from alteram.adapters.rulebooks import read_document
from alteram.bootstrap.rulebooks import find_source, write_amendment, write_edits
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules import Pack, Rulebook, build_digest, encode_rulebook
from alteram.core.rules.proving.prove import PROPERTIES
from alteram.core.rules.rulebook import parse_canonical_pack, parse_canonical_rulebook
from alteram.installation.asking import Asking
from alteram.installation.background import Tell, Work, ask_for, find_work
from alteram.operations.kept_proofs import decode_proof, encode_proof
from alteram.operations.proving import (
    ToldProof,
    ToldResult,
    build_proof_key,
    need_rules_open,
    prove_and_tell,
)
from alteram.operations.rulebook_versions import find_packs_of, get_version

_KIND: Final = "proof"


@dataclass(frozen=True, slots=True)
class KeptProof:
    """A proof that was asked for: of which rulebook, how far it is, what it came to. `text` is the rulebook's file."""

    key: str
    rulebook: Rulebook
    packs: tuple[Pack, ...]
    text: str
    told: ToldProof
    parts: int
    asked_at: datetime
    ended_at: datetime | None
    has_failed: bool

    @property
    def digest(self) -> str:
        """Return the digest of the rulebook."""
        return build_digest(encode_rulebook(self.rulebook))

    @property
    def is_under_way(self) -> bool:
        """Return whether it is waited for still."""
        return self.ended_at is None


def ask_for_proof(asking: Asking, person: PersonId, digest: str = "") -> KeptProof:
    """Have a version proved that was adopted, the one in force if none is named. Raises: UnknownMatterError, BusyError.

    A version that was proved, or is being proved, is not proved again.
    """
    version, rulebook = get_version(asking.organisation, person, digest)
    source = find_source(asking.opened.folder, version.digest) or b""
    return _ask(asking, rulebook, find_packs_of(asking.organisation, rulebook), source.decode("utf-8", "replace"))


def ask_for_proof_of(
    asking: Asking, person: PersonId, rulebook: Rulebook, packs: tuple[Pack, ...], text: str
) -> KeptProof:
    """Have a version proved that somebody proposes, with its file. Raises: UnknownMatterError, BusyError."""
    need_rules_open(asking.organisation, person)
    return _ask(asking, rulebook, packs, text)


def find_proof(asking: Asking, person: PersonId, digest: str = "") -> KeptProof | None:
    """Return the proof of a version that was adopted, where one was asked for. Raises: UnknownMatterError."""
    _version, rulebook = get_version(asking.organisation, person, digest)
    return find_proof_of(asking, person, rulebook, find_packs_of(asking.organisation, rulebook))


def find_proof_of(asking: Asking, person: PersonId, rulebook: Rulebook, packs: tuple[Pack, ...]) -> KeptProof | None:
    """Return the proof of a version, where one was asked for. Raises: UnknownMatterError."""
    return find_proof_by_key(asking, person, build_proof_key(rulebook, packs))


def find_proof_by_key(asking: Asking, person: PersonId, key: str) -> KeptProof | None:
    """Return the proof of this name, where there is one here. Raises: UnknownMatterError."""
    need_rules_open(asking.organisation, person)
    work = find_work(asking.name, _KIND, key)
    return None if work is None else _tell(work)


def take_over(proof: KeptProof, number: int | None = None) -> str | None:
    """Return the rulebook's file with a proposal written into it, of all in their order; all of them if none is named.

    None where there is no such proposal, or it cannot be written into this file.
    """
    proposals = [one.proposal for result in proof.told.results for one in result.violations if one.proposal is not None]
    if number is not None:
        proposals = proposals[number : number + 1]
    edits = [edit for one in proposals if one.lines for edit in one.edits]
    if not edits:
        return None
    try:
        return write_edits(proof.text, edits)
    except YAMLError:
        return None


def run_proof(organisation: str, given: Any, tell: Tell) -> Any:
    """Prove what was asked for, and tell each property as soon as it is known. See `background`."""
    del organisation
    rulebook = parse_canonical_rulebook(given["rulebook"].encode())
    packs = tuple(parse_canonical_pack(one.encode()) for one in given["packs"])
    text: str = given["text"]

    results: list[ToldResult] = []
    for one in prove_and_tell(rulebook, packs, text, lambda amendment: write_amendment(text, amendment)):
        results.append(one)
        tell(len(results), len(PROPERTIES), encode_proof(ToldProof(tuple(results))))
    return encode_proof(ToldProof(tuple(results)))


def _ask(asking: Asking, rulebook: Rulebook, packs: tuple[Pack, ...], text: str) -> KeptProof:
    given = {
        "rulebook": encode_rulebook(rulebook).decode(),
        "packs": [encode_rulebook(one).decode() for one in packs],
        "text": text if _is_yaml(text) else "",
    }
    return _tell(ask_for(asking.name, _KIND, build_proof_key(rulebook, packs), given, parts=len(PROPERTIES)))


def _is_yaml(text: str) -> bool:
    try:
        read_document(text.encode(), "rulebook.yaml")
    except AlteramError:
        return False
    return True


def _tell(work: Work) -> KeptProof:
    given = work.given
    return KeptProof(
        work.key,
        parse_canonical_rulebook(given["rulebook"].encode()),
        tuple(parse_canonical_pack(one.encode()) for one in given["packs"]),
        given["text"],
        decode_proof(work.outcome),
        work.parts,
        work.asked_at,
        work.ended_at,
        work.has_failed,
    )
