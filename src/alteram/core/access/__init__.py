"""Who may propose an act, who may see which claim of an entry, and what of a refusal: asked in `operations` only."""

from alteram.core.access.exhibits import may_open_exhibit
from alteram.core.access.proposing import may_propose
from alteram.core.access.seeing import Reader, build_reader, find_visible_claims, find_visible_fields, is_open_to
from alteram.core.access.telling import tell_refusal
from alteram.core.rules.giving import find_given, find_made_of
from alteram.core.rules.handing import is_admissible

__all__ = [
    "Reader",
    "build_reader",
    "find_given",
    "find_made_of",
    "find_visible_claims",
    "find_visible_fields",
    "is_admissible",
    "is_open_to",
    "may_open_exhibit",
    "may_propose",
    "tell_refusal",
]
