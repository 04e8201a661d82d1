"""Marks the copies of a bundle, prepared once for all of them, and compares a leak with every bundle."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from alteram.adapters.bundles.workers import Bounds, ask_worker
from alteram.core.disclosure.accusing import CHANCE, FEWEST_READINGS, CannotTell, positions_needed
from alteram.operations.bundle_ports import Carrying, Suspect, TracedLeak
from alteram.operations.evidence_ports import ConfinedPrograms, Documents

if TYPE_CHECKING:
    from alteram.adapters.bundles.reading import Bundle

#: What preparing may take: two encodings of each page's picture, of a bundle of any length.
PREPARING: Final = Bounds(seconds=14_400, memory=4 << 30, file_size=64 << 30)


class MarksRecordings(Protocol):
    """Marks recordings; bundles and recordings are made by programs that know nothing of each other."""

    def mark(self, source: Path, shown: str, folder: Path, *, film: bool) -> Path | None:
        """Return a copy of a recording that says `shown`; None where it cannot be made."""
        ...


class BundleCopies:
    """Implements Marking. `font` (TTF) is what copies say of themselves in."""

    def __init__(
        self,
        programs: ConfinedPrograms,
        documents: Documents,
        font: Path,
        *,
        shows: Sequence[Path],
        settings: Mapping[str, str],
        recordings: MarksRecordings,
    ) -> None:
        """Draw pages by `programs`, open leaks by `documents`; `shows` and `settings` let our interpreter run there."""
        self._programs, self._documents, self._font = programs, documents, font
        self._shows, self._settings = tuple(shows), settings
        self._recordings = recordings

    def mark_copies(
        self,
        suspect: Suspect,
        shown: Mapping[bytes, str],
        folder: Path,
        *,
        tell: Callable[[Carrying], None] = lambda _: None,
    ) -> Mapping[bytes, Path]:
        """Write each copy into `folder`; tell how many pages carry marks. Raises: MarkError, BundleError."""
        from alteram.adapters.bundles.marking import derive_secrets, mark  # noqa: PLC0415 - loads numpy, which few commands need

        font, written = self._font.read_bytes(), {}
        with TemporaryDirectory(prefix="marking-", dir=folder) as prepared, suspect.unmarked.open("rb") as source:
            secrets = msgspec.to_builtins(derive_secrets(suspect.seed, suspect.pages))
            job = {"source": source.fileno(), "secrets": secrets, "folder": prepared}
            symbols: list[int] = ask_worker("prepare marks", job, files=[source], bounds=PREPARING)["symbols"]
            tell(count_carrying(symbols, len(suspect.copies)))
            for number, copy in enumerate(suspect.copies):
                written[copy] = folder / f"copy-{number}.pdf"
                mark(Path(prepared), suspect.seed, copy, written[copy], shown=shown[copy], font=font)
        return written

    def mark_recording(self, source: Path, shown: str, folder: Path, *, film: bool) -> Path | None:
        """Return a copy of a recording that says `shown`."""
        return self._recordings.mark(source, shown, folder, film=film)

    def trace(self, suspects: Sequence[Suspect], leaked: Path) -> TracedLeak:
        """Say which copies a leak comes from. The chance of naming any copy wrongly is shared among the bundles."""
        from alteram.adapters.bundles.reading import decide, recognise  # noqa: PLC0415 - as above, and OpenCV
        from alteram.adapters.bundles.reading_leaks import open_leak  # noqa: PLC0415 - as above

        bundles = [self._open(one) for one in suspects]
        recognised, pictures = recognise(bundles, open_leak(leaked, self._documents))
        chance = CHANCE / len(suspects)
        found = [
            (one, decide(one.seed, one.copies, pages, pictures, chance=chance))
            for one, pages in zip(suspects, recognised, strict=True)
        ]
        copies = tuple(
            (one.bundle, named.copy, min(1.0, named.chance * len(suspects)))
            for one, traced in found
            if not isinstance(traced.verdict, CannotTell)
            for named in traced.verdict.named
        )
        pages = tuple((one.bundle, page.picture, page.page) for one, traced in found for page in traced.recognised)
        whys = [traced.verdict.why for _, traced in found if isinstance(traced.verdict, CannotTell)]
        return TracedLeak(copies, "" if copies else _choose(whys), pages)

    def _open(self, one: Suspect) -> "Bundle":
        from alteram.adapters.bundles.reading import Bundle  # noqa: PLC0415 - as above
        from alteram.adapters.bundles.reading_leaks import ConfinedPages  # noqa: PLC0415 - as above

        pictures = ConfinedPages(self._programs, one.unmarked, shows=self._shows, settings=self._settings)
        return Bundle(one.unmarked, pictures, one.seed)


def count_carrying(symbols: Sequence[int], copies: int) -> Carrying:
    """Return how many pages carry enough symbols, too few alone, or none to speak of."""
    enough = positions_needed(1, max(1, copies))
    alone = sum(1 for one in symbols if one >= enough)
    none = sum(1 for one in symbols if one < FEWEST_READINGS)
    return Carrying(alone, len(symbols) - alone - none, none)


def _choose(whys: Sequence[str]) -> str:
    """Return the reason that came closest to naming somebody."""
    order = ("too-weak", "no-symbols", "no-page", "text")
    return min(whys, key=order.index, default="no-page")
