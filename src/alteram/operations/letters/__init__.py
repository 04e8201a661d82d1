"""Letters: what stands in them, how they are served, and what became of each."""

from alteram.operations.letters.drafting import Draft, Writing, build_draft
from alteram.operations.letters.kinds import LETTERS, LetterKind, find_kind
from alteram.operations.letters.printed import build_reply_form, find_answering
from alteram.operations.letters.samples import build_sample
from alteram.operations.letters.served import Arrival, ServedLetter, find_letters, open_letter
from alteram.operations.letters.serving import (
    Checked,
    Served,
    Writable,
    build_letter_digest,
    check_letter,
    find_writable,
    find_writable_one,
    may_change_templates,
    print_draft,
    serve_letter,
)

__all__ = [
    "LETTERS",
    "Arrival",
    "Checked",
    "Draft",
    "LetterKind",
    "Served",
    "ServedLetter",
    "Writable",
    "Writing",
    "build_draft",
    "build_letter_digest",
    "build_reply_form",
    "build_sample",
    "check_letter",
    "find_answering",
    "find_kind",
    "find_letters",
    "find_writable",
    "find_writable_one",
    "may_change_templates",
    "open_letter",
    "print_draft",
    "serve_letter",
]
