"""Write testdata/certificates/: a certificate and its export that must verify for ever, and forgeries, the same bytes.

python -m tools.make_certificate_vectors
"""

import json
from pathlib import Path

from tests.certificates import BESIDE, FORGERIES, build_scene, change
from tests.rotated_certificates import build_rotated

FOLDER = Path(__file__).parents[1] / "testdata" / "certificates"


def main() -> None:
    """Write every file anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    scene = build_scene()
    (FOLDER / "good.certificate").write_bytes(scene.data)
    (FOLDER / "good.alteram").write_bytes(scene.export)
    (FOLDER / "redacted.alteram").write_bytes(scene.redacted)
    verdicts: dict[str, dict[str, str | None]] = {"good": {"alone": None, "beside": None}}
    for name, (apply, code) in FORGERIES.items():
        (FOLDER / f"{name}.certificate").write_bytes(change(apply))
        verdicts[name] = {"alone": code, "beside": code}
    for name, (apply, code, _) in BESIDE.items():
        (FOLDER / f"{name}.certificate").write_bytes(change(apply))
        verdicts[name] = {"alone": None, "beside": code}
    rotated, others = build_rotated()
    (FOLDER / "rotated.certificate").write_bytes(rotated.data)
    (FOLDER / "rotated.alteram").write_bytes(rotated.export)
    verdicts["rotated"] = {"alone": None, "beside": None, "export": "rotated"}
    for name, data in others.items():
        (FOLDER / f"{name}.certificate").write_bytes(data)
        verdicts[name] = {"alone": None, "beside": "certificate.key", "export": "rotated"}
    (FOLDER / "verdicts.json").write_text(json.dumps(verdicts, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
