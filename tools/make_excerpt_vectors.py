"""Write testdata/excerpts/: excerpts that must verify for ever, and forgeries, the same bytes every time.

python -m tools.make_excerpt_vectors
"""

import json
from pathlib import Path

from tests.excerpts import FORGERIES, GOOD, excerpt, forge

FOLDER = Path(__file__).parents[1] / "testdata" / "excerpts"


def main() -> None:
    """Write every file anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    verdicts: dict[str, str | None] = {}
    for name, (exhibit, ranges) in GOOD.items():
        (FOLDER / f"{name}.excerpt").write_bytes(excerpt(exhibit, *ranges))
        verdicts[name] = None
    for name, (_, code) in FORGERIES.items():
        (FOLDER / f"{name}.excerpt").write_bytes(forge(name))
        verdicts[name] = code
    (FOLDER / "verdicts.json").write_text(json.dumps(verdicts, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
