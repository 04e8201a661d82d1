"""Makes a redaction and checks it at once: one that leaks is told of, whoever made it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO, Final

from alteram.adapters.bundles.naming import find_names_in, read_packed
from alteram.adapters.bundles.redacting import Redacted, Redactor
from alteram.adapters.bundles.verifying import Checked, Leak, RedactionChecker
from alteram.adapters.bundles.workers import as_told
from alteram.core.disclosure.names import Found, Protected
from alteram.core.disclosure.redacted_texts import read_redacted_text
from alteram.core.disclosure.redactions import (
    LISTED,
    MASK,
    Asked,
    PageWord,
    RedactionError,
    find_doubtful_words,
    find_missing,
    number_cuts,
    redact_text,
)
from alteram.core.kernel.phrases import Phrase, as_own, phrase
from alteram.core.record import RecordError
from alteram.operations.bundle_ports import MadeRedaction

#: So much of a word is told: a text without spaces is one.
_LONGEST_TOLD: Final = 100


class CheckedRedactor:
    """Implements Redacting."""

    def __init__(self, redactor: Redactor, checker: RedactionChecker) -> None:
        """Make with one, check with the other."""
        self._redactor, self._checker = redactor, checker

    def redact(
        self,
        source: BinaryIO,
        asked: Sequence[Asked],
        out: BinaryIO,
        *,
        dated_at: datetime,
        count: Callable[[], None] = lambda: None,
    ) -> MadeRedaction:
        """Write the redaction of an open PDF into `out`, and look in it for what was cut. Raises: BundleError."""
        made = self._redactor.redact_pdf(source, asked, out, dated_at=dated_at, count=count)
        out.seek(0)
        checked = self._checker.counting(count).check(out, "application/pdf", cuts=made.cuts, secrets=made.secrets)
        out.seek(0)
        return _join(made, checked)

    def redact_picture(
        self,
        source: BinaryIO,
        media: str,
        asked: Sequence[Asked],
        out: BinaryIO,
        *,
        count: Callable[[], None] = lambda: None,
    ) -> MadeRedaction:
        """Write the redaction of an open picture into `out` as PNG, and look in it for what was cut.

        Raises: BundleError.
        """
        made = self._redactor.redact_picture(source, media, asked, out, count=count)
        out.seek(0)
        checked = self._checker.counting(count).check(out, "image/png", cuts=made.cuts, secrets=made.secrets)
        out.seek(0)
        return _join(made, checked)

    def redact_text(self, text: str, asked: Sequence[Asked], out: BinaryIO) -> MadeRedaction:
        """Write the redaction of a text into `out`, and look in it for what was cut. Raises: RedactionError."""
        if any(one.places for one in asked):
            raise RedactionError(
                phrase("A text has no pages: no place in it can be blacked out."),
                remedy=phrase("Say the words, or have it made as a PDF."),
            )
        cuts = number_cuts(asked, ())
        words = tuple(dict.fromkeys(word for cut in cuts for word in cut.words))
        made = redact_text(text, asked)
        out.write(made.encode())
        out.seek(0)
        checked = self._checker.check(out, "text/plain", cuts=cuts, secrets=words)
        out.seek(0)
        body = made.rpartition(LISTED)[0]
        return MadeRedaction(
            cuts=cuts,
            pages=0,
            boxes=body.count(MASK),
            doubtful=tuple(as_own(one[:_LONGEST_TOLD]) for one in find_doubtful_words(body, words)),
            not_found=find_missing(text, words),
            leaks=(*map(_tell, checked.leaks), *_check_shape(made)),
            still=_find_still(words, checked),
        )


class NameFinder:
    """Implements Naming, in every text of a PDF."""

    def find(self, source: BinaryIO, people: Sequence[Protected]) -> tuple[Found, ...]:
        """Return where an open PDF names one of these people, or may. Raises: BundleError."""
        return find_names_in(source, "application/pdf", people)

    def read_packed(self, source: BinaryIO) -> tuple[str, bool]:
        """Return the texts in an open zip, and whether all of it could be read. Raises: BundleError."""
        return read_packed(source)


def _join(made: Redacted, checked: Checked) -> MadeRedaction:
    """Return what was made with what was found in it."""
    return MadeRedaction(
        cuts=made.cuts,
        pages=made.pages,
        boxes=made.boxes,
        doubtful=tuple(dict.fromkeys(_place(one) for one in made.doubtful)),
        not_found=made.not_found,
        leaks=tuple(map(_tell, checked.leaks)),
        still=_find_still(made.secrets, checked),
        black=made.black,
    )


def _find_still(secrets: Sequence[str], checked: Checked) -> tuple[str, ...]:
    return tuple(dict.fromkeys(secrets[one.secret] for one in checked.leaks if one.secret >= 0))


def _check_shape(made: str) -> Iterator[Phrase]:
    """Yield what is odd in the shape of a redacted text; the checker takes any text, as it does those in zips."""
    try:
        read_redacted_text(made.encode())
    except RecordError as error:
        yield _tell(Leak(phrase("text"), 0, f"{error.problem} ({error.code})"))


def _place(word: PageWord) -> Phrase:
    return phrase("{word} (page {page})", word=as_own(word.text), page=word.page + 1)


def _tell(leak: Leak) -> Phrase:
    place, what = as_told(leak.place), as_told(leak.what)
    if leak.page:
        return phrase("{place}, page {page}: {what}", place=place, page=leak.page, what=what)
    return phrase("{place}: {what}", place=place, what=what)
