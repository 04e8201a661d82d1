"""Acts that bear so heavily on somebody, or on the record itself, that whoever does them proves again who they are."""

from typing import Final

#: By name. A page asks for a passkey or passphrase again; a token needs a scope of its own.
GRAVE: Final = frozenset(
    {
        "appeal.decided",
        "body.constituted",
        "decision.made",
        "departure.authorised",
        "identity.released",
        "instrument.issued",
        "key.enrolled",
        "key.lost",
        "key.rotated",
        "log.succeeded",
        "matter.closed",
        "matter.declined",
        "member.suspended",
        "office.filled",
        "office.vacated",
        "organisation.founded",
        "pack.adopted",
        "record-key.rotated",
        "record.shredded",
        "rulebook.adopted",
        "rulebook.amended",
        "sanction.imposed",
        "second-key.given",
        "vote.taken",
    }
)
