"""Asking twice does it once; asking too often waits."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from alteram.api import calling
from alteram.bootstrap import Opened
from alteram.core.acts import ResponseGiven
from alteram.installation.answers import Begun, begin_answer
from alteram.installation.limiting import Limiter
from alteram.installation.programs import KeptAnswer
from alteram.installation.tokens import Bearer
from alteram.operations.perform import BusyError
from alteram.operations.questions import get_facts
from tests.web.programs import API, Program, read
from tests.web.scenes import MANAGER, RESPONDENT, ROW

ACTS = f"{API}/matters/row/acts"
ANSWER = {"act": "response.given", "fields": {"allegations": ["a1"], "stance": "deny", "text": "It was not so."}}
DECISION = {"act": "decision.made", "fields": {"deciders": ["custodian"], "reasons": "Because I say so."}}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("caucus")]


def count_answers(caucus: Opened) -> int:
    return len(get_facts(caucus.organisation, ROW).matter.all(ResponseGiven))


def test_same_key_is_answered_as_the_first_time_and_done_once(caucus: Opened) -> None:
    program = Program(RESPONDENT)
    first, second = (program.post(ACTS, ANSWER, key="k1") for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert count_answers(caucus) == 1


def test_without_a_key_it_is_done_as_often_as_it_is_asked(caucus: Opened) -> None:
    program = Program(RESPONDENT)
    assert [program.post(ACTS, ANSWER).status_code for _ in range(2)] == [201, 201]
    assert count_answers(caucus) == 2


def test_same_key_for_another_body_is_refused(caucus: Opened) -> None:
    program = Program(RESPONDENT)
    program.post(ACTS, ANSWER, key="k1")
    other = {**ANSWER, "fields": {**ANSWER["fields"], "stance": "admit"}}  # type: ignore[dict-item] # a dict in a dict
    assert read(program.post(ACTS, other, key="k1"), 422)["type"].endswith("#key-reused")
    assert count_answers(caucus) == 1


def test_key_is_of_one_token_only(caucus: Opened) -> None:
    assert Program(RESPONDENT).post(ACTS, ANSWER, key="k1").status_code == 201
    assert Program(RESPONDENT).post(ACTS, ANSWER, key="k1").status_code == 201
    assert count_answers(caucus) == 2


def test_refusal_is_kept_as_well() -> None:
    program = Program(MANAGER)
    first, second = (program.post(ACTS, DECISION, key="k1") for _ in range(2))
    assert read(first, 409) == read(second, 409)
    assert read(second, 409)["ruling"]["code"]


def test_what_failed_for_a_moment_is_tried_again(caucus: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(RESPONDENT)

    def be_busy(*_: object, **__: object) -> Any:
        raise BusyError("Others are writing.", remedy="Try again in a moment.")

    with monkeypatch.context() as patched:
        patched.setattr("alteram.api.acting.perform", be_busy)
        response = program.post(ACTS, ANSWER, key="k1")
    assert read(response, 503)["type"].endswith("#busy")
    assert response.headers["Retry-After"] == "1"
    assert program.post(ACTS, ANSWER, key="k1").status_code == 201
    assert count_answers(caucus) == 1


def test_request_that_is_being_worked_on_is_told_to_wait_and_after_a_crash_that_nobody_knows() -> None:
    program = Program(RESPONDENT)
    read(program.post(ACTS, ANSWER, key="k1"), 201)
    KeptAnswer.objects.update(status=0, made_at=timezone.now())
    waiting = program.post(ACTS, ANSWER, key="k1")
    assert read(waiting, 409)["type"].endswith("#at-work")
    assert waiting.headers["Retry-After"] == "1"
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(seconds=61))
    assert read(program.post(ACTS, ANSWER, key="k1"), 409)["type"].endswith("#outcome-unknown")


def test_key_is_forgotten_after_a_day(caucus: Opened) -> None:
    program = Program(RESPONDENT)
    program.post(ACTS, ANSWER, key="k1")
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=23, minutes=59))
    program.post(ACTS, ANSWER, key="k1")
    assert count_answers(caucus) == 1
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=24, minutes=1))
    program.post(ACTS, ANSWER, key="k1")
    assert count_answers(caucus) == 2


def test_answer_that_is_kept_cannot_be_read_from_the_database() -> None:
    program = Program(MANAGER)
    program.post(ACTS, DECISION, key="key-of-mine")
    row = KeptAnswer.objects.values().get()
    kept = b"|".join(bytes(one) if isinstance(one, bytes) else str(one).encode() for one in row.values())
    assert b"refused" not in kept
    assert b"key-of-mine" not in kept


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel"])
def test_key_that_is_none_is_a_misfit(key: str) -> None:
    assert Program(RESPONDENT).post(ACTS, ANSWER, key=key).status_code == 422


def test_longest_key_is_taken() -> None:
    assert Program(RESPONDENT).post(ACTS, ANSWER, key="x" * 255).status_code == 201


def test_limit_is_counted_for_each_token_and_says_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "LIMITER", Limiter(burst=2, a_second=0.001))
    one, other = Program(RESPONDENT), Program(RESPONDENT)
    assert [one.get(f"{API}/me").status_code for _ in range(3)] == [200, 200, 429]
    response = one.get(f"{API}/me")
    assert 1 <= int(response.headers["Retry-After"]) <= 1000
    assert read(response, 429)["type"].endswith("#too-many")
    assert other.get(f"{API}/me").status_code == 200


def test_limiter_gives_back_with_time() -> None:
    limiter = Limiter(burst=1, a_second=0.5)
    assert limiter.take(1, at=0.0) == 0
    assert limiter.take(1, at=1.9) > 0
    assert limiter.take(1, at=2.0) == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_key_one_is_told_to_wait() -> None:
    program = Program(RESPONDENT)
    bearer = Bearer(program.token, RESPONDENT, frozenset(), program.shown)
    found: list[object] = []
    gate = threading.Barrier(4)

    def begin() -> None:
        gate.wait()
        while True:
            try:
                found.append(begin_answer(bearer, "k1", b"x", now=timezone.now()))
                break
            except OperationalError:
                continue  # the database of tests is in memory: there it does not wait for a lock, as a file does
        connections.close_all()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(isinstance(one, Begun) for one in found) == 1
    assert len(found) == 4
