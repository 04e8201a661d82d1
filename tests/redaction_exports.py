"""Exports that show how a redaction was lodged and checked, or less, or something else; the same every time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from io import BytesIO

from alteram.core.acts import Act, ExhibitDerived, ExhibitLodged, MatterAccepted, RedactionChecked
from alteram.core.disclosure.redaction_proofs import LodgedRedaction, verify_lodging, verify_redaction
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId
from alteram.core.record import ExportedEntry, RecordError
from alteram.core.vault import decode_base64url, encode_base64url
from conformance.failure import Failure
from conformance.lodged_redaction import Lodged
from conformance.lodged_redaction import verify_lodging as verify_lodging_again
from conformance.verify_redaction import verify
from tests.excerpts import with_ed25519
from tests.exports import MATTER, Log, Part, members_of, pack
from tests.redactions import GOOD
from tests.verdicts import Verdict

#: The redaction that every export here is about.
FILE = "one-page"
LODGED = ExhibitLodged(
    exhibit="note",
    kind="document",
    obtained="made-by-lodger",
    title="What the treasurer wrote",
    source="the cupboard",
    digest="11" * 32,
    size=1234,
    media="application/pdf",
    speakers=(PersonId("m05"),),
)
_SAYS_LITTLE = frozenset({"act", "act.digest"})
_PLACES = frozenset({"act", "act.exhibit", "actor", "reported", "seq", "prev", "stream"})
#: Of an entry, the claims that are shown; None: all.
Shown = frozenset[str] | None


@dataclass(frozen=True, kw_only=True)
class Chosen(Part):
    """An export of which each entry shows other claims; `shown` is by the number of the entry in its stream."""

    shown: dict[int, Shown] = field(default_factory=dict)

    def entries(self) -> Iterable[ExportedEntry]:
        for (stream, seq), (index, opened) in sorted(self.log.entries.items()):
            if (stream, seq) in self.without:
                continue
            claims = self.shown.get(seq)
            whole = opened.presentation
            kept = whole if claims is None else whole.redact(claims)
            yield ExportedEntry(stream, seq, kept, self.log.receipt(index, self.note, b"\x01" + opened.blinding))


@dataclass(frozen=True)
class Scene:
    """What was done after an exhibit was lodged (entry 1), and what of each entry an export shows."""

    acts: tuple[tuple[Act, str], ...]
    shown: tuple[tuple[int, Shown], ...] = ()
    without: tuple[int, ...] = ()
    code: str = ""
    check: str = ""
    changes: tuple[tuple[int, tuple[tuple[str, Json], ...]], ...] = ()

    def write(self) -> bytes:
        made: bytes = with_ed25519(self._write)
        return made

    def _write(self) -> bytes:
        log, changes = Log(), dict(self.changes)
        log.publish()
        acts = ((MatterAccepted(procedure="conduct"), "m02"), (LODGED, "m05"), *self.acts)
        for number, (act, actor) in enumerate(acts):
            log.append(log.next_entry(MATTER, act, actor), change=dict(changes.get(number, ())))
        without = frozenset((MATTER, one) for one in self.without)
        return Chosen(log, log.checkpoint(), shown=dict(self.shown), without=without, packs=()).write()


@cache
def digest_of_file() -> str:
    return sha256(GOOD[FILE].make()).hexdigest()


def derived(*, cuts: int | None = 2, how: str = "redaction", digest: str = "") -> tuple[Act, str]:
    act = ExhibitDerived(
        exhibit="note-redacted",
        of="note",
        how=how,  # type: ignore[arg-type]  # the few that there are
        by_hand=False,
        digest=digest or digest_of_file(),
        cuts=cuts,
        reasons="A witness is protected",
    )
    return act, "m20"


def checked(*, agreed: bool = True, by: str = "m02", exhibit: str = "note-redacted") -> tuple[Act, str]:
    return RedactionChecked(exhibit=exhibit, agreed=agreed, remarks="I looked at each page"), by


def _later() -> tuple[Act, str]:
    return MatterAccepted(procedure="appeal"), "m02"


GOOD_EXPORTS: dict[str, Scene] = {
    "all-shown": Scene((derived(), checked()), check="agreed"),
    "lodging-alone": Scene(
        (derived(), checked()),
        ((0, frozenset()), (1, frozenset()), (2, _SAYS_LITTLE), (3, frozenset())),
        check="withheld",
    ),
    "just-enough": Scene(
        (derived(), checked()),
        ((0, _PLACES), (1, _PLACES), (2, _PLACES | _SAYS_LITTLE), (3, _PLACES | {"act.agreed"})),
        check="agreed",
    ),
    "who-checked-withheld": Scene(
        (derived(), checked()), ((3, _PLACES - {"actor"} | {"act.agreed"}),), check="withheld"
    ),
    "whether-agreed-withheld": Scene((derived(), checked()), ((3, _PLACES),), check="withheld"),
    "who-made-it-withheld": Scene((derived(), checked()), ((2, _PLACES - {"actor"} | _SAYS_LITTLE),), check="withheld"),
    "objected-then-agreed": Scene((derived(), checked(agreed=False), checked()), check="agreed"),
    "later-entry-withheld": Scene((derived(), checked(), _later()), ((4, frozenset()),), check="agreed"),
    "check-not-in-the-file": Scene((derived(), checked(), _later()), without=(3,), check="none"),
    "check-of-another": Scene((derived(), checked(exhibit="other", agreed=False), checked()), check="agreed"),
    "check-only-told-of": Scene(
        (derived(), checked(agreed=False), checked()),
        changes=((3, (("reported", {"by": "m09"}),)),),
        check="agreed",
    ),
    "cuts-not-said": Scene((derived(cuts=None), checked()), check="agreed"),
}
BAD_EXPORTS: dict[str, Scene] = {
    "of-another-file": Scene((derived(digest="22" * 32), checked()), code="redaction.not-shown"),
    "digest-withheld": Scene(
        (derived(), checked()), ((2, frozenset({"act", "act.exhibit"})),), code="redaction.not-shown"
    ),
    "act-withheld": Scene((derived(), checked()), ((2, frozenset({"act.digest"})),), code="redaction.not-shown"),
    "lodging-only-told-of": Scene(
        (derived(), checked()), changes=((2, (("reported", {"by": "m09"}),)),), code="redaction.not-shown"
    ),
    "lodging-told-of-emptily": Scene(
        (derived(), checked()), changes=((2, (("reported", {}),)),), code="redaction.not-shown"
    ),
    "lodged-as-a-text": Scene((derived(how="text"), checked()), code="redaction.how"),
    "of-more-cuts": Scene((derived(cuts=3), checked()), code="redaction.cuts"),
    "cuts-are-text": Scene((derived(), checked()), changes=((2, (("act.cuts", "2"),)),), code="redaction.cuts"),
    "objected": Scene((derived(), checked(agreed=False)), code="redaction.objected"),
    "agreed-then-objected": Scene((derived(), checked(), checked(agreed=False)), code="redaction.objected"),
    "agreed-by-its-maker": Scene((derived(), checked(by="m20")), code="redaction.own"),
    "agreed-by-nobody": Scene((derived(), checked()), changes=((3, (("actor", None),)),), code="redaction.own"),
    "agreed-is-one": Scene((derived(), checked()), changes=((3, (("act.agreed", 1),)),), code="redaction.objected"),
    "nobody-agreed": Scene((derived(), _later()), code="redaction.unchecked"),
    "checked-before-it-was-made": Scene((checked(), derived()), code="redaction.unchecked"),
}


def change_claim(export: bytes, number: int, old: bytes, new: bytes) -> bytes:
    """Return an export in which a disclosure of an entry says something else."""
    members = members_of(export)
    name = f"streams/{MATTER}/{number:08d}.sd-jwt"
    jwt, *shown, _ = members[name].decode().split("~")
    assert any(old in decode_base64url(one) for one in shown)
    changed = [encode_base64url(decode_base64url(one).replace(old, new)) for one in shown]
    return pack({**members, name: "~".join((jwt, *changed, "")).encode()})


def ask_first(data: bytes, export: bytes) -> tuple[Verdict, LodgedRedaction | None]:
    try:
        found = verify_lodging(verify_redaction(data), BytesIO(export))
    except RecordError as error:
        return Verdict(False, error.code, error.where), None
    return Verdict(True), found


def ask_second(data: bytes, export: bytes) -> tuple[Verdict, Lodged | None]:
    try:
        found = verify_lodging_again(sha256(data).hexdigest(), verify(data), export)
    except Failure as failure:
        return Verdict(False, failure.code, failure.where), None
    return Verdict(True), found


#: What is written: each export by its name.
EXPORTS: dict[str, Scene] = {**GOOD_EXPORTS, **BAD_EXPORTS}
