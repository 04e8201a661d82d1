"""A first report on paper: somebody entitled enters it, and the matter begins with the report of whoever wrote it.

The record then says: the report, by whoever wrote it; and, as the very next entry, who entered it from which paper. One
without the other is never stored (docs/adr: on paper). Who has no account, or gave no name, is known by what a receipt
phrase derives, as anybody is who reports without an account: it is printed for them, and kept nowhere.
"""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alteram.core.acts import PaperReportEntered, ReportLodged, get_spec
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.rules.capacities import find_roles
from alteram.core.vault.phrases import ENTROPY_SIZE, derive_pseudonym, derive_sign_in, encode_phrase
from alteram.operations.organisation import Organisation
from alteram.operations.paper import PaperError, record_together
from alteram.operations.perform import Performed
from alteram.operations.questions import UnknownMatterError
from alteram.operations.recording import Proposal, SealedAttachment

#: Fifty bits that nobody guesses, as base32 spells them.
_NAME_BYTES: Final = 7
_NAME_LETTERS: Final = 10


@dataclass(frozen=True, slots=True)
class ReportedOnPaper:
    """What became of entering a report: where it stands, whose it is, and the phrase where it is theirs alone."""

    performed: Performed
    stream: StreamId
    reporter: PersonId
    phrase: str = ""


def may_enter_reports(organisation: Organisation, person: PersonId) -> bool:
    """Return whether somebody may enter a first report: by an office, because no matter gives them a part yet."""
    facts, rulebook = organisation.facts(ORGANISATION_STREAM), organisation.governing(ORGANISATION_STREAM)
    spec = get_spec(PaperReportEntered)
    rule = rulebook.find_act_rule(spec.name)
    return not frozenset(spec.by if rule is None else rule.by).isdisjoint(find_roles(facts, rulebook, person))


def name_matter(organisation: Organisation, now: datetime) -> StreamId:
    """Return a name for a new matter: the year, and fifty bits that nobody guesses."""
    drawn = b32encode(organisation.ports.entropy(_NAME_BYTES)).decode().lower()[:_NAME_LETTERS]
    return StreamId(f"{now.year}-{drawn}")


def enter_paper_report(
    organisation: Organisation,
    stream: StreamId,
    report: ReportLodged,
    paper: PaperReportEntered,
    entered_by: PersonId,
    *,
    reporter: PersonId | None = None,
    attachments: tuple[SealedAttachment, ...] = (),
    now: datetime | None = None,
) -> ReportedOnPaper:
    """Begin a matter with a report read from paper, and say by whom it was entered; or neither.

    Without `reporter` a receipt phrase is drawn, and the report is by what it derives. `attachments` are the picture.
    Raises: UnknownMatterError where `entered_by` may not; PaperError for a named person who reports without a name;
    BusyError, StoreError, MalformedError.
    """
    if not may_enter_reports(organisation, entered_by):
        raise UnknownMatterError("There is no such matter, or it is not open to you.", remedy="Ask the secretary.")
    if reporter is not None and report.identity == "anonymous":
        raise PaperError("Who reports without a name is not named.", remedy="Leave out who it is.")
    phrase = ""
    if reporter is None:
        entropy, name = organisation.ports.entropy(ENTROPY_SIZE), str(organisation.ports.organisation)
        phrase, reporter = encode_phrase(entropy), derive_pseudonym(derive_sign_in(entropy, name), name)
    proposals = (
        Proposal(stream, report, reporter, from_paper=True),
        Proposal(stream, paper, entered_by, attachments=attachments, from_paper=True),
    )
    done = record_together(organisation, stream, proposals, entered_by, now=now)
    return ReportedOnPaper(done, stream, reporter, phrase if done else "")
