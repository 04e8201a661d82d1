"""Exhibits by the names that the API and the command line give to what is told of them: one set of members for both.

Times, entries and refusals are left as they are, for either to spell.
"""

from collections.abc import Mapping

from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.recordings import CitedRule
from alteram.operations.exhibits.showing import ConsentState
from alteram.operations.exhibits.telling import ToldExhibit, ToldRow, ToldSight

Described = Mapping[str, object]


def describe_row(told: ToldRow) -> Described:
    """Return an exhibit in a list: what it is, whether it may be used, and which side has it."""
    row, act = told.row, told.row.lodged.act
    return {
        "number": row.number,
        "exhibit": row.exhibit,
        "kind": told.kind,
        "of": act.of if isinstance(act, ExhibitDerived) else None,
        "entry": told.entry,
        "has_file": act.digest is not None,
        "admissible": row.admissible,
        "quarantined": row.quarantined,
        "relied_on_by": row.relied_on,
        "unequal": row.is_unequal,
        "relied_on_unseen": row.is_relied_on_unseen,
        "sides": {side: [_describe_sight(one) for one in sights] for side, sights in told.sides.items()},
    }


def describe_exhibit(one: ToldExhibit) -> Described:
    """Return an exhibit with all that is on record of it."""
    shown = one.shown
    return {
        "told": describe_row(one.told),
        "closed": shown.may_open if isinstance(shown.may_open, Refused) else None,
        "consents": [_describe_consent(each) for each in shown.consents],
        "rule": None if shown.rule is None else _describe_rule(shown.rule),
        "about": shown.about,
        "made_of_it": shown.made_of_it,
        "relied_on": shown.relied_on,
        "acts": one.acts,
    }


def _describe_sight(one: ToldSight) -> Described:
    sight = one.sight
    return {
        "person": one.person,
        "role": sight.role,
        "has_since": sight.has_since,
        "gist_since": sight.gist_since,
        "seen_at": sight.seen_at,
        "sent_at": sight.sent_at,
        "entry": sight.entry,
    }


def _describe_consent(one: ConsentState) -> Described:
    met = one.rule_met
    return {"speaker": one.speaker, "state": one.state, "at": one.at, "rule_met": met.result, "because": met.because}


def _describe_rule(cited: CitedRule) -> Described:
    rule = cited.rule
    return {
        "pack": cited.pack,
        "clause": rule.clause,
        "title": rule.title,
        "consent": rule.consent,
        "text": cited.text,
        "source": rule.source,
        "citation": cited.citation,
    }
