"""Pages about the rules that come only after something was sent: refuted, under way, in conflict. Axe finds nothing."""

import pytest

from alteram.bootstrap.choosing import write_packs
from tests.web.conftest import As
from tests.web.looking import Shown, examine_all, look_at, unfold
from tests.web.scenes import WHIP
from tests.web.test_rulebook_proof import (
    AMEND,
    CLUB,
    PROOF,
    RULES,
    VERSIONS,
    ask_first,
    do_last,
    prove_in_force,
    run_naming,
    run_refuted,
    use,
)

pytestmark = pytest.mark.django_db


def test_no_page_about_proofs_and_conflicts_fails_anybody(as_person: As, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, run_refuted)
    client = as_person(WHIP)
    address = ask_first(client)
    under_way = client.get(address)
    do_last()
    conflict = write_packs(CLUB, ["nz-incorporated-societies-2022-sch2", "ronr-discipline"])
    answers = {
        "under way": under_way,
        "refuted": client.get(address),
        "taken over": client.post(address, {"take": "all"}),
        "looked at": client.post(AMEND, {"text": CLUB, "do": "look"}),
        "in conflict": client.post(AMEND, {"text": conflict, "do": "look"}),
        "versions": client.get(VERSIONS),
        "not asked for": client.get(PROOF),
    }
    prove_in_force(client, monkeypatch, run_naming)
    answers["marked"] = client.get(RULES)
    answers["told"] = client.get(PROOF)
    assert "named-by-proof" in answers["marked"].content.decode()
    pages = [Shown(name, WHIP, response.content.decode()) for name, response in answers.items()]
    with look_at(pages) as page:
        wrong = examine_all(page, pages, unfold)
    assert not wrong, "\n".join(wrong)
