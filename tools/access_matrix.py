"""Write docs/generated/access-matrix.csv: who may propose each act, and who may see each claim of its entry, by role.

python -m tools.access_matrix          write
python -m tools.access_matrix --check  say whether it differs, and end with 1

`propose` is what the catalogue says; a rulebook may say otherwise for its own acts. `see` is for somebody who has that
one part in the matter and neither did the act nor is addressed by it: those see all of it.
"""

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from alteram.core.access import find_visible_fields
from alteram.core.access.seeing import ENVELOPE, OUTLINE
from alteram.core.acts import ROLES, ActSpec, Role, all_specs

TARGET = Path(__file__).parents[1] / "docs" / "generated" / "access-matrix.csv"


def build_matrix() -> str:
    """Return the whole table."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("act", "right", "what", *ROLES))
    for spec in all_specs():
        if spec.stream != "register":
            writer.writerows(_rows(spec))
    return target.getvalue()


def _rows(spec: ActSpec) -> Iterator[tuple[str, ...]]:
    yield (spec.name, "propose", "", *("yes" if _may(spec, role) else "" for role in ROLES))
    seen = {role: frozenset(find_visible_fields(spec, held_by(role))) for role in ROLES}
    for names in (OUTLINE, tuple(name for name in ENVELOPE if name not in OUTLINE)):
        yield (spec.name, "see", " ".join(names), *("yes" if seen[role].issuperset(names) else "" for role in ROLES))
    for field in spec.fields:
        yield (spec.name, "see", field.name, *("yes" if f"act.{field.name}" in seen[role] else "" for role in ROLES))


def held_by(role: Role) -> tuple[Role, ...]:
    """Return the roles of somebody who has this one part."""
    return ("anyone",) if role == "anyone" else (role, "anyone")


def _may(spec: ActSpec, role: Role) -> bool:
    return role in spec.by or "anyone" in spec.by


def main() -> int:
    """Write the table, or say whether it differs."""
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(build_matrix())
        return 0
    differs = not TARGET.exists() or TARGET.read_text() != build_matrix()
    if differs:
        print(f"{TARGET.name} is not what the code says: python -m tools.access_matrix")
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
