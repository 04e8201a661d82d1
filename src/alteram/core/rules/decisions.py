"""What a decision does, read from its structural fields alone."""

from alteram.core.acts import DecisionMade
from alteram.core.acts.fields import Act

#: Kinds of decision that lay nothing on anybody.
_WITHOUT_BURDEN = frozenset({"no-action", "preliminary"})


def burdens(act: Act) -> bool:
    """Return whether `act` may lay something on somebody: any act that is not a decision to do nothing or to go on.

    Whatever a decision is called, one that finds a charge proved burdens.
    """
    return not isinstance(act, DecisionMade) or act.kind not in _WITHOUT_BURDEN or bool(act.proved)


def is_preliminary(act: Act) -> bool:
    """Return whether `act` is a decision that only goes on; one that finds a charge proved does more."""
    return isinstance(act, DecisionMade) and act.kind == "preliminary" and not act.proved
