"""The bundle that leaks are made of to measure tracing, its marked copies, and pages that have no mark of it."""

import hashlib
from pathlib import Path

from alteram.adapters.bundles.reading import Bundle
from benchmarks.leaks import Drawn, Pages, build_bundle, mark_copies

RECIPIENTS = 100
LETTERS, SCANS = 6, 6
COPIES = tuple(b"copy-%03d" % number for number in range(RECIPIENTS))
SEED = hashlib.sha256(b"the bundle of the figures").digest()
OTHER = hashlib.sha256(b"another bundle of the figures").digest()
#: So many of the copies leak; the others have no part in any.
LEAKED_BY = 12


class Scene:
    """A bundle of letters and scans, its marked copies, and copies of it marked as another bundle."""

    def __init__(self, folder: Path, *, small: bool = False) -> None:
        self.unmarked = folder / "bundle.pdf"
        if not self.unmarked.exists():
            build_bundle(self.unmarked, letters=LETTERS, scans=SCANS, seed=7, small=small)
            mark_copies(self.unmarked, SEED, COPIES[:LEAKED_BY], folder / "a")
            mark_copies(self.unmarked, OTHER, COPIES[:4], folder / "b")
        self.copies = {copy: Drawn(folder / "a" / f"{copy.decode()}.pdf") for copy in COPIES[:LEAKED_BY]}
        others = [Drawn(folder / "b" / f"{copy.decode()}.pdf") for copy in COPIES[:4]]
        # Unmarked; marked as another bundle; marked for recipients that are not among those who are suspected.
        self.innocent = [Drawn(self.unmarked), *others, *list(self.copies.values())[:3]]
        self.bundle = Bundle(self.unmarked, Pages(self.unmarked), SEED)
