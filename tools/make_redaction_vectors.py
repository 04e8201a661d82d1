"""Add to testdata/redactions/ what is missing: redactions that must verify for ever, forgeries, and exports beside one.

python -m tools.make_redaction_vectors

What is there stays: another zlib may pack the same pixels otherwise, and what was published must go on to verify.
"""

import json
from pathlib import Path

from tests.redaction_exports import EXPORTS, FILE
from tests.redaction_forgeries import FORGERIES
from tests.redactions import GOOD

FOLDER = Path(__file__).parents[1] / "testdata" / "redactions"


def main() -> None:
    """Write every file that is not there, and the verdicts."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    verdicts: dict[str, object] = {}
    for name, one in {**GOOD, **FORGERIES}.items():
        _add(f"{name}.{one.ending}", one.make())
        verdicts[f"{name}.{one.ending}"] = {
            "error": one.code or None,
            "words": list(one.words),
            "boxes": [[box.number, box.left, box.top, box.wide, box.high] for box in one.boxes],
        }
    for name, scene in EXPORTS.items():
        _add(f"{name}.alteram", scene.write())
        verdicts[f"{name}.alteram"] = {
            "error": scene.code or None,
            "check": scene.check or None,
            "beside": f"{FILE}.pdf",
        }
    written = json.dumps(verdicts, indent=1, sort_keys=True, ensure_ascii=False)
    (FOLDER / "verdicts.json").write_text(f"{written}\n")


def _add(name: str, data: bytes) -> None:
    path = FOLDER / name
    if not path.exists():
        path.write_bytes(data)


if __name__ == "__main__":
    main()
