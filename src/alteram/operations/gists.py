"""Whether a gist is given in the words in which somebody looked for protected names, which the rules do not see."""

from alteram.core.acts import ExhibitWithheld
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import Facts
from alteram.core.rules.bundles import find_gist_looks, waits_for_look
from alteram.core.rules.exhibits import refuse
from alteram.operations.organisation import Organisation


def find_other_gist(
    organisation: Organisation, stream: StreamId, facts: Facts, withheld: ExhibitWithheld
) -> Refused | None:
    """Return why a gist is not given: nobody looked in these words. None where somebody did, or nobody has to.

    Space between the words makes no difference. Raises: StoreError, VaultError.
    """
    if withheld.gist is None or not waits_for_look(facts, withheld):
        return None
    looks = find_gist_looks(facts, withheld)
    if any(_read_gist(organisation, stream, one.seq).split() == withheld.gist.split() for one in looks):
        return None
    because = phrase(
        "The gist of exhibit {exhibit} was looked through in other words; look in these first.",
        exhibit=as_own(withheld.exhibit),
    )
    return refuse("exhibit.gist", because, missing=("names.checked",))


def _read_gist(organisation: Organisation, stream: StreamId, seq: int) -> str:
    """Return the words of a look; none where its key was destroyed."""
    ports = organisation.ports
    stored = next(iter(ports.store.load(ports.organisation, stream, seq - 1, limit=1)), None)
    opened = None if stored is None else organisation.open(stored)
    gist = None if opened is None else opened.presentation.claims.get("act.gist")
    return gist if isinstance(gist, str) else ""
