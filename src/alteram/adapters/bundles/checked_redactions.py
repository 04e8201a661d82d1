"""Makes a redaction and checks it at once: one that leaks is told of, whoever made it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import BinaryIO

from alteram.adapters.bundles.naming import find_names_in, read_packed
from alteram.adapters.bundles.redacting import Redactor
from alteram.adapters.bundles.verifying import Leak, RedactionChecker
from alteram.adapters.bundles.workers import as_told
from alteram.core.disclosure.names import Found, Protected
from alteram.core.disclosure.redactions import Asked, PageWord
from alteram.core.kernel.phrases import Phrase, as_own, phrase
from alteram.operations.bundle_ports import MadeRedaction


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
        doubtful = tuple(dict.fromkeys(_place(one) for one in made.doubtful))
        leaks = tuple(map(_tell, checked.leaks))
        still = tuple(dict.fromkeys(made.secrets[one.secret] for one in checked.leaks if one.secret >= 0))
        return MadeRedaction(made.cuts, made.pages, made.boxes, doubtful, made.not_found, leaks, still)


class NameFinder:
    """Implements Naming, in every text of a PDF."""

    def find(self, source: BinaryIO, people: Sequence[Protected]) -> tuple[Found, ...]:
        """Return where an open PDF names one of these people, or may. Raises: BundleError."""
        return find_names_in(source, "application/pdf", people)

    def read_packed(self, source: BinaryIO) -> tuple[str, bool]:
        """Return the texts in an open zip, and whether all of it could be read. Raises: BundleError."""
        return read_packed(source)


def _place(word: PageWord) -> Phrase:
    return phrase("{word} (page {page})", word=as_own(word.text), page=word.page + 1)


def _tell(leak: Leak) -> Phrase:
    place, what = as_told(leak.place), as_told(leak.what)
    if leak.page:
        return phrase("{place}, page {page}: {what}", place=place, page=leak.page, what=what)
    return phrase("{place}: {what}", place=place, what=what)
