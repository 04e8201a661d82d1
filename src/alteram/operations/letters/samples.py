"""Data to try templates with: about nobody, with every field filled."""

from typing import Final

from alteram.core.kernel.canonical import Json

_DAY: Final[Json] = [2026, 3, 2]
_MOMENT: Final[Json] = [2026, 3, 30, 17, 0]
_CLAUSE: Final[Json] = {
    "id": "5.1",
    "title": "Notice",
    "text": "Nobody answers for what they were not told in writing.",
}
_EXHIBIT: Final[dict[str, Json]] = {
    "id": "e1",
    "kind": "document",
    "obtained": "given",
    "title": "Minute of the meeting of 3 February",
    "digest": "0" * 64,
}
_HEAD: Final[dict[str, Json]] = {
    "sample": True,
    "organisation": "The sample society",
    "matter": "sample-1",
    "dated": _DAY,
    "to": "The addressee",
    "sender": {"name": "The case manager", "part": "case-manager"},
    "rules": {"title": "Rules of the sample society", "version": "2026.1"},
    "clauses": [_CLAUSE],
}
_ALLEGATION: Final[dict[str, Json]] = {
    "id": "a1",
    "title": "Conduct towards colleagues",
    "clause": {"id": "2.1", "title": "Conduct", "text": "Members treat one another with respect."},
    "first_on": [2026, 2, 3],
    "last_on": [2026, 2, 17],
    "particulars": ["On 3 February in the hall.\n\nAgain on 17 February, before others."],
}
_LINE: Final[dict[str, Json]] = {
    "guarantee": "notice",
    "title": "The notice says what is alleged",
    "id": "notice-says-all",
    "clause": "5.1",
    "source": "A statute, section 4",
    "status": "F",
    "rules": "Rules of the sample society",
    "entries": ["3", "5"],
    "signed": "1",
    "elsewhere": False,
}
_APPEAL: Final[dict[str, Json]] = {"appeal_to": "the appeal panel", "appeal_within": "10 working days"}
_SHARE: Final[dict[str, Json]] = {"numerator": 2, "denominator": 3, "of": "members", "more_than": False}

SAMPLES: Final[dict[str, dict[str, Json]]] = {
    "acknowledgement": {
        "reported_at": [2026, 2, 26, 9, 30],
        "text": "Thank you. We read what you wrote today.",
        "external_routes": True,
        "handler": "The case manager",
        "informed_within": "3 months",
    },
    "notice": {
        "allegations": [_ALLEGATION],
        "particulars": [],
        "exhibits": [_EXHIBIT],
        "worst": {"title": "Expulsion"},
        "jeopardy": "A seat, and the staff that comes with it.",
        "ladder": [
            {"title": "Warning", "majority": {**_SHARE, "more_than": True}, "after": "", "longest": "12 months"},
            {"title": "Expulsion", "majority": _SHARE, "after": "Warning", "longest": ""},
        ],
        "respond_by": _MOMENT,
        "hearing_at": [2026, 4, 14, 19, 0],
        "states_companion": True,
        "states_presumption": True,
        "decided_by": "The members in meeting",
        "method": "post",
        **_APPEAL,
    },
    "disclosure": {
        "exhibits": [_EXHIBIT],
        "withheld": [{"id": "e2", "reasons": "It names a third person.", "gist": "That a colleague was there."}],
    },
    "invitation": {
        "at": [2026, 4, 14, 19, 0],
        "zone": "Pacific/Auckland",
        "body": "The members in meeting",
        "purpose": "hearing",
        "open": False,
        "agenda": ["The case is put", "The answer is heard", "Questions", "Summing up"],
    },
    "decision": {
        "decided_by": "The members in meeting",
        "decided_at": [2026, 4, 14, 21, 10],
        "kind": "outcome",
        "findings": [{"id": "a1", "title": "Conduct towards colleagues", "outcome": "proved"}],
        "votes": [{"title": "m1: finding a1", "for": "9", "against": "3", "abstained": "1", "base": "13"}],
        "exhibits": [_EXHIBIT],
        "rests_on_none": False,
        "reasons": "Three people who were there agree on what was said.\n\nNothing speaks against it.",
        "sanctions": [{"title": "Warning", "effective_at": _MOMENT, "until": [2027, 3, 30, 17, 0]}],
        "appeal_by": [2026, 4, 28, 23, 59],
        "method": "page",
        **_APPEAL,
    },
    "instrument": {
        "person": "The addressee",
        "sanction": "Warning",
        "clause": "7.1",
        "effective_at": _MOMENT,
        "expires_on": [2027, 3, 30],
        "conduct": "Shouting at a colleague on 3 February.",
        "trigger": "The same again within the term.",
        **_APPEAL,
    },
    "appeal-outcome": {
        "lodged_at": [2026, 4, 20, 12, 0],
        "grounds": ["procedure", "new-evidence"],
        "outcome": "sent-back",
        "reasons": "One exhibit never reached the respondent.",
        "appeal_to": "The appeal panel",
    },
    "signed-certificate": {
        "identifier": "sample-society",
        "as_of": _MOMENT,
        "digest": "0" * 64,
        "record_key": {"kid": "record-1", "key": "0" * 64},
        "log": {"origin": "sample.example/log", "size": "120"},
        "signed_at": _MOMENT,
        "recorded_by": _MOMENT,
        "recorded_by_log_alone": False,
        "matter": {"alleged": ["3"], "asserted": "1", "destroyed": "0", "entries": "12", "signed": "2"},
        "rules": [
            {"title": "Rules of the sample society", "version": "2026.1", "kind": "rulebook", "digest": "0" * 64}
        ],
        "requirements": [
            {**_LINE, "called": "UNKNOWN", "entries": []},
            {**_LINE, "called": "NOT CONTRADICTED"},
            {**_LINE, "called": "PASS", "elsewhere": True},
        ],
        "results": [{**_LINE, "called": "FAIL", "guarantee": ""}],
        "departures": [{"requirement": "heard", "entry": "4"}],
        "witnesses": [
            {"name": "witness.example/one", "independent": True, "known": True},
            {"name": "witness.example/two", "independent": False, "known": True},
        ],
    },
    "reply-form": {"allegations": [_ALLEGATION], "respond_by": _MOMENT},
}


def build_sample(letter: str) -> dict[str, Json]:
    """Return sample data for a letter. Raises: KeyError for one that there is not."""
    return {**_HEAD, "letter": letter, **SAMPLES[letter]}
