"""The text in a picture of a page, by tesseract, confined: words with their boxes, and hOCR."""

import csv
import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from alteram.adapters.converting.asking import explain, run
from alteram.adapters.converting.plain_text import tame
from alteram.operations.evidence_ports import ConfinedPrograms, Job, Limits, Recognised, Unshown, Word

PROGRAM: Final = Path("/usr/bin/tesseract")
LIMITS: Final = Limits(seconds=120, cpu_seconds=110, memory=1 << 30, address_space=3 << 30, file_size=32 << 20)
MAX_WORDS: Final = 50_000
_LANGUAGES: Final = re.compile(r"[a-z]{3}(?:_[a-z]+)?(?:\+[a-z]{3}(?:_[a-z]+)?){0,4}")
_WORD: Final = "5"


def recognise_page(
    programs: ConfinedPrograms, page: Path, language: str, workplace: Path | None = None
) -> Recognised | Unshown:
    """Return the text in a picture (PNG, of ours)."""
    if not PROGRAM.exists():
        return Unshown("program-missing", "Tesseract is not installed: apt-get install tesseract-ocr.")
    if not _LANGUAGES.fullmatch(language):
        return Unshown("not-shown", "Languages are told as tesseract names them: eng, or eng+deu.")
    with tempfile.TemporaryDirectory(prefix="words-", dir=workplace) as name:
        folder = Path(name)
        command = (str(PROGRAM), "/in/page.png", "/out/page", "-l", language, "txt", "tsv", "hocr")
        ended = run(programs, Job(command, folder, {"page.png": page}, LIMITS))
        if isinstance(ended, Unshown):
            return ended
        if ended.how != "done":
            return explain(ended)
        files = [folder / f"page.{ending}" for ending in ("txt", "tsv", "hocr")]
        if any(one.is_symlink() or not one.is_file() for one in files):
            return Unshown("damaged", "Nothing was recognised.")
        text, table, hocr = (one.read_text("utf-8", "replace") for one in files)
    return Recognised(tame(text.strip("\f\n")), tuple(_read_words(table))[:MAX_WORDS], hocr, f"tesseract {language}")


def _read_words(table: str) -> Iterator[Word]:
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row.get("level") == _WORD and (row.get("text") or "").strip():
            left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
            yield Word(tame(row["text"]), left, top, width, height, round(float(row["conf"])))
