"""Adopt a rulebook or a pack: its canonical bytes are kept by digest, and the adoption is an act like any other."""

from collections.abc import Iterable
from datetime import date, datetime

from alteram.core.acts import PackAdopted, RulebookAdopted, RulebookAmended
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import find_adoption
from alteram.core.rules import Pack, Rulebook, build_digest, encode_rulebook
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform


class AdoptionError(AlteramError):
    """A rulebook cannot be adopted as it is."""


def adopt_rulebook(
    organisation: Organisation,
    rulebook: Rulebook,
    actor: PersonId,
    *,
    packs: Iterable[Pack] = (),
    published_on: date | None = None,
    now: datetime | None = None,
) -> Performed:
    """Adopt `rulebook`: the first, or in place of the one in force. Matters already accepted keep theirs.

    `packs` are those it builds on; they are kept and exported with it. Raises: AdoptionError when one of them is not
    given, or this very version is in force already.
    """
    data = encode_rulebook(rulebook)
    digest = build_digest(data)
    in_force = find_adoption(organisation.state(ORGANISATION_STREAM, fresh=True).facts)
    if in_force is not None and in_force.digest == digest:
        raise AdoptionError(
            phrase("This version of the rulebook is in force already."), remedy=phrase("Change the file first.")
        )
    given = {build_digest(encode_rulebook(pack)): encode_rulebook(pack) for pack in packs}
    for one in rulebook.builds_on:
        if one.digest not in given:
            raise AdoptionError(
                phrase("The pack {id} that it builds on is not here.", id=as_own(one.id)),
                remedy=phrase("Give it as well."),
            )
        organisation.ports.store.put_document(organisation.ports.organisation, one.digest, given[one.digest])
    organisation.ports.store.put_document(organisation.ports.organisation, digest, data)
    built_on = tuple(f"{one.id} {one.digest}" for one in rulebook.builds_on)
    act: RulebookAdopted | RulebookAmended
    if in_force is None:
        act = RulebookAdopted(
            rulebook=rulebook.id, version=rulebook.version, digest=digest, packs=built_on, published_on=published_on
        )
    else:
        act = RulebookAmended(
            rulebook=rulebook.id, version=rulebook.version, digest=digest, replaces=in_force.digest, packs=built_on
        )
    return perform(organisation, ORGANISATION_STREAM, act, actor, now=now)


def adopt_pack(organisation: Organisation, pack: Pack, actor: PersonId, *, now: datetime | None = None) -> Performed:
    """Adopt `pack` as a standard the organisation measures itself against."""
    data = encode_rulebook(pack)
    digest = build_digest(data)
    organisation.ports.store.put_document(organisation.ports.organisation, digest, data)
    act = PackAdopted(pack=pack.id, version=pack.version, digest=digest)
    return perform(organisation, ORGANISATION_STREAM, act, actor, now=now)
