"""Serving a letter: one step that prints it once more, checks that it is the one looked at, records and keeps it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from alteram.core.acts import get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.rules.capacities import find_roles
from alteram.operations.attachments import begin_attachment, drop_attachments
from alteram.operations.letters.drafting import Draft, Writing, build_draft
from alteram.operations.letters.kinds import LETTERS, LetterKind
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform
from alteram.operations.printing import LetterPress, Printed
from alteram.operations.questions import OpenAct, find_open_acts


@dataclass(frozen=True, slots=True)
class Served:
    """What became of serving. Nothing was recorded where `performed` is None.

    Then either the letter is no longer the one that was looked at (`has_changed`), or it holds names that its
    addressees may not learn of (in the draft).
    """

    draft: Draft
    performed: Performed | None = None
    has_changed: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A letter printed once more: the act with its digest, where it is the one that was looked at and may be served."""

    draft: Draft
    act: Act | None = None
    pdf: bytes = b""
    has_changed: bool = False


@dataclass(frozen=True, slots=True)
class Writable:
    """A letter that somebody's part lets them serve, with what the rules say of serving one now."""

    kind: LetterKind
    open: OpenAct


def find_writable(
    organisation: Organisation, stream: StreamId, person: PersonId, *, now: datetime
) -> tuple[Writable, ...]:
    """Return the letters that `person` may serve here by their part. Raises: UnknownMatterError."""
    found = (find_writable_one(organisation, stream, person, one, now=now) for one in LETTERS)
    return tuple(one for one in found if one is not None)


def find_writable_one(
    organisation: Organisation, stream: StreamId, person: PersonId, kind: LetterKind, *, now: datetime
) -> Writable | None:
    """Return one letter, where `person` may serve it here by their part. Raises: UnknownMatterError."""
    if kind.act is None:
        return None
    found = find_open_acts(organisation, stream, person, only=get_spec(kind.act), now=now).acts[0]
    return Writable(kind, found) if found.is_own else None


def print_draft(press: LetterPress, draft: Draft) -> Printed:
    """Return a draft printed. Raises: LetterError."""
    return press.print_pdf(draft.kind.name, draft.data, dated_at=draft.dated_at)


def build_letter_digest(printed: Printed) -> str:
    """Return what identifies a printed letter."""
    return sha256(printed.pdf).hexdigest()


def serve_letter(
    writing: Writing,
    press: LetterPress,
    stream: StreamId,
    act: Act,
    actor: PersonId,
    *,
    looked_at: str,
    now: datetime,
) -> Served:
    """Print the letter of `act`; where its digest is `looked_at`, perform the act with that digest and keep the letter.

    The rules say whether it may be served: a refusal is in what was performed. Raises: LetterError, BusyError,
    StoreError.
    """
    checked = check_letter(writing, press, stream, act, actor, looked_at=looked_at, now=now)
    if checked.act is None:
        return Served(checked.draft, has_changed=checked.has_changed)
    organisation = writing.organisation
    # The letter is kept, sealed, with the entry that serves it: names and templates change, and what was served stays.
    incoming = begin_attachment(organisation, stream, f"{checked.draft.kind.name}.pdf")
    incoming.write(checked.pdf)
    kept = (incoming.finish(),)
    performed = perform(organisation, stream, checked.act, actor, attachments=kept, now=now)
    if not performed:
        drop_attachments(organisation, stream, kept)
    return Served(checked.draft, performed)


def check_letter(
    writing: Writing,
    press: LetterPress,
    stream: StreamId,
    act: Act,
    actor: PersonId,
    *,
    looked_at: str,
    now: datetime,
) -> Checked:
    """Print the letter of `act` and compare it with the one that was looked at. Nothing is recorded.

    Whoever signs the act with a passkey signs the digest of the letter with it. The letter itself is not kept with the
    entry then: it is made again from the record, and is the one that was served where its digest is the one signed.
    Raises: LetterError.
    """
    draft = build_draft(writing, stream, act, actor, at=now)
    if draft.given_away:
        return Checked(draft)
    printed = print_draft(press, draft)
    digest = build_letter_digest(printed)
    if digest != looked_at:
        return Checked(draft, has_changed=True)
    return Checked(draft, msgspec.structs.replace(act, digest=digest), printed.pdf)


def may_change_templates(organisation: Organisation, person: PersonId) -> bool:
    """Return whether somebody has charge of what the organisation's letters say: the secretary has."""
    facts, rulebook = organisation.facts(ORGANISATION_STREAM), organisation.governing(ORGANISATION_STREAM)
    return "secretary" in find_roles(facts, rulebook, person)
