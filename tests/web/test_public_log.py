"""The public log: anybody may read it, any program may follow it, and nothing beside it can be reached."""

from pathlib import Path

import pytest
from django.test import Client

from alteram.adapters.witness import is_near
from alteram.bootstrap import Opened
from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    Note,
    SignerKey,
    Tile,
    build_range_root,
    parse_checkpoint,
    parse_note_unverified,
    parse_policy,
    verify_log_note,
)
from alteram.core.tlog.keys import parse_verifier_key
from alteram.core.tlog.tiles import parse_bundle, tiles_of
from alteram.installation import organisations
from alteram.operations.public_log import find_log_file, find_public_log
from tests.web.conftest import As
from tests.web.scenes import CAUCUS, CHAIR, MEMBER, STRANGER

TILES = f"/{CAUCUS}/log/tiles/"


@pytest.fixture
def newest(db: None, caucus: Opened) -> Note:
    """The newest checkpoint, everything that waited being in it."""
    caucus.integrator.run()
    published = caucus.organisation.ports.tiles.find_checkpoint()
    assert published is not None
    return parse_note_unverified(published)


def fetch(path: str) -> bytes:
    answer = Client().get(f"{TILES}{path}")
    assert answer.status_code == 200, path
    return answer.content


# -- the page


def test_anybody_sees_the_newest_checkpoint_and_who_vouches_for_it(newest: Note, as_person: As) -> None:
    checkpoint = parse_checkpoint(newest.text)
    for client in (Client(), as_person(STRANGER), as_person(MEMBER)):
        page = client.get(f"/{CAUCUS}/log/")
        assert page.status_code == 200
        told = page.content.decode()
        assert checkpoint.root.hex() in told
        assert checkpoint.origin in told
        assert f"http://testserver{TILES}" in told


def test_log_without_witnesses_says_that_it_alone_vouches(newest: Note) -> None:
    told = Client().get(f"/{CAUCUS}/log/").content.decode()
    assert "only the log itself vouches for it" in told
    assert "the log alone" in told


def test_witness_on_the_same_machine_is_said_not_to_be_independent(as_person: As, home: Path) -> None:
    policy = home / "policy"
    rows = [row for row in policy.read_text().splitlines() if not row.startswith("quorum")]
    for name, url in (("beside", "http://127.0.0.2:9/"), ("abroad", "https://witness.example.net/")):
        key = SignerKey.from_seed(f"example.net/{name}", COSIGNATURE_ED25519, name.encode().ljust(32, b"."))
        rows.append(f"witness {name} {key.verifier.encode()} {url}")
    policy.write_text("\n".join([*rows, "quorum none", ""]))
    organisations.close_organisations()
    for page, head in ((f"/{CAUCUS}/log/", '<th scope="row">'), (f"/{CAUCUS}/health/", '<th scope="row">Witness ')):
        told = as_person(CHAIR).get(page).content.decode()
        beside, abroad = (told[told.index(f"{head}{name}") :].split("</tr>")[0] for name in ("beside", "abroad"))
        assert "Not independent" in beside
        assert "It runs elsewhere." in abroad
        assert all("not yet" in one for one in (beside, abroad))


def test_log_of_an_organisation_that_is_not_here_is_not_found(db: None, home: Path) -> None:
    assert Client().get("/nowhere/log/").status_code == 404
    assert Client().get("/nowhere/log/tiles/checkpoint").status_code == 404


def test_recent_checkpoints_begin_with_the_published_one_and_shrink(newest: Note, caucus: Opened) -> None:
    recent = find_public_log(caucus.organisation, is_near).recent
    assert recent[0].size == parse_checkpoint(newest.text).size
    sizes = [one.size for one in recent]
    assert sizes == sorted(set(sizes), reverse=True)
    assert all(one.is_verified and one.signed_at for one in recent)


# -- its files


def test_program_that_follows_logs_rebuilds_the_root_from_what_is_served(newest: Note) -> None:
    note = parse_note_unverified(fetch("checkpoint"))
    checkpoint = parse_checkpoint(note.text)
    policy = parse_policy(fetch("policy"))
    assert verify_log_note(note, policy, checkpoint.origin)
    keys = [parse_verifier_key(one) for one in fetch("log.vkey").decode().splitlines()]
    assert keys == [one.key for one in policy.logs]
    root = build_range_root(checkpoint.size, lambda tile: fetch(tile.path))
    assert root(0, checkpoint.size) == checkpoint.root
    leaves = [tile for tile in tiles_of(checkpoint.size) if tile.level == 0]
    bundles = [parse_bundle(fetch(Tile(-1, one.index, one.width).path), one.width) for one in leaves]
    assert sum(map(len, bundles)) == checkpoint.size


def test_tiles_may_be_kept_for_ever_and_the_checkpoint_never_unasked(newest: Note) -> None:
    tile = Client().get(f"{TILES}{next(tiles_of(parse_checkpoint(newest.text).size)).path}")
    assert tile["Content-Type"] == "application/octet-stream"
    assert "immutable" in tile["Cache-Control"]
    for text in ("checkpoint", "log.vkey", "policy"):
        answer = Client().get(f"{TILES}{text}")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer["Cache-Control"] == "no-cache"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        *("", "..", "../organisation.json", "../../organisation.json", "%2e%2e/record.db", "..%2frecord.db"),
        *("tile/../../policy", "tile/0/../../../record.db", "tile/0/x000/../000", "./checkpoint", "checkpoint/"),
        *("/etc/passwd", "//etc/passwd", "tile//0/000", "tile/0/000/", "tile/00/000", "tile/64/000", "tile/-1/000"),
        *("tile/0/0", "tile/0/0000", "tile/0/x000/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01"),
        *("tile/0/999", "tile/5/000", "tile/entries/999", "tile/0/%30%30%31%00", "checkpoint%00", "checkpoint%0a"),
        *("log.vkey.bak", ".lock", "tile", "tile/0", "CHECKPOINT", "tile/0/٠٠٠", "timestamps/0"),
    ],
)
def test_what_is_no_file_of_the_log_is_not_found(newest: Note, path: str) -> None:
    assert Client().get(f"{TILES}{path}").status_code == 404


def test_nothing_but_the_files_of_the_log_is_served_of_its_folder(newest: Note, caucus: Opened) -> None:
    served = []
    for file in sorted(one for one in caucus.folder.rglob("*") if one.is_file()):
        for start in (caucus.log, caucus.folder):
            if file.is_relative_to(start):
                name = str(file.relative_to(start))
                answer = Client().get(f"{TILES}{name}")
                if answer.status_code == 200:
                    served.append(name)
                    assert answer.content == find_log_file(caucus.organisation, name).content
    assert {"checkpoint", "log.vkey", "policy"} < set(served)
    assert all(one in {"checkpoint", "log.vkey", "policy"} or one.startswith("tile/") for one in served)


def test_log_is_only_read(newest: Note) -> None:
    for method in ("post", "put", "delete"):
        assert getattr(Client(), method)(f"{TILES}checkpoint").status_code == 405
        assert getattr(Client(), method)(f"/{CAUCUS}/log/").status_code == 405
