"""Who may propose an act, and who may see which field of an entry: asked in `operations`, nowhere else."""

from alteram.core.access.proposing import may_propose
from alteram.core.access.seeing import find_visible_fields, has_part

__all__ = ["find_visible_fields", "has_part", "may_propose"]
