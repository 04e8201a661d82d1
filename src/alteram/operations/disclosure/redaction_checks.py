"""What a second person needs to check a redaction: who may, and its cuts as everybody may know them who has it."""

import msgspec

from alteram.core.acts import ExhibitDerived, RedactionChecked, get_spec
from alteram.core.disclosure.redactions import Cut
from alteram.core.rules.exhibits import find_lodging
from alteram.operations.entries import Entered
from alteram.operations.exhibits.stored import StoredExhibit


def find_to_check(entered: Entered, exhibit: str) -> ExhibitDerived | None:
    """Return the act that lodged a redaction; None where it is none, or whoever entered checks none by their part."""
    spec, lodged = get_spec(RedactionChecked), find_lodging(entered.facts, exhibit)
    rule = entered.rulebook.find_act_rule(spec.name)
    act = None if lodged is None else lodged.act
    if frozenset(spec.by if rule is None else rule.by).isdisjoint(entered.reader.roles):
        return None
    return act if isinstance(act, ExhibitDerived) and act.how == "redaction" else None


def read_cuts(stored: StoredExhibit) -> tuple[Cut, ...]:
    """Return the cuts of a redaction, without words; none where they were not kept. Raises: StoreError, VaultError."""
    return tuple(msgspec.convert(stored.read_facts().get("cuts", []), list[Cut]))
