"""Rulebooks, packs and histories as files: strict YAML in, values out; and what ships with the product."""

from alteram.adapters.rulebooks.calendars import build_calendar
from alteram.adapters.rulebooks.elsewhere import (
    NOWHERE,
    find_country,
    find_subdivisions,
    list_countries,
    move_rulebook,
)
from alteram.adapters.rulebooks.library import (
    LibraryError,
    load_cases,
    load_history,
    load_pack,
    load_pack_cases,
    load_packs,
    load_rulebook,
    pack_case_names,
    shipped_names,
)
from alteram.adapters.rulebooks.yaml_reader import read_document

__all__ = [
    "NOWHERE",
    "LibraryError",
    "build_calendar",
    "find_country",
    "find_subdivisions",
    "list_countries",
    "load_cases",
    "load_history",
    "load_pack",
    "load_pack_cases",
    "load_packs",
    "load_rulebook",
    "move_rulebook",
    "pack_case_names",
    "read_document",
    "shipped_names",
]
