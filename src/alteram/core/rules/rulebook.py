"""The rulebook and the pack as values: what their files mean once parsed.

Both have one canonical JSON spelling, which is what is adopted, kept, exported and identified by its SHA-256.
Reading the files people write is in `parsing`; this module knows nothing of YAML.
"""

from functools import cached_property
from hashlib import sha256
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from alteram.core.acts.catalogue import Role
from alteram.core.kernel.calendars import Calendar
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.periods import Period
from alteram.core.rules.standards import Metric, NamedResult, RecordingRule, SourceStatus, Undecidable

Guarantee: TypeAlias = Literal[
    "notice",
    "disclosure",
    "response",
    "hearing",
    "impartiality",
    "open-mind",
    "evidence",
    "reasons",
    "proportionality",
    "timeliness",
    "accompaniment",
    "confidentiality",
    "welfare",
    "appeal",
    "authority",
    "record",
]
#: Of what number a share is taken: all members of a body, the eligible (members less recused), present, or votes cast.
Base: TypeAlias = Literal["members", "eligible", "present", "cast"]


class Clause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clause in prose."""

    id: str
    title: str
    text: str


class Share(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A share of a base: at least `numerator/denominator`, or more than it where `more_than` is true."""

    numerator: int
    denominator: int
    of: Base
    more_than: bool = False


class Office(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A post one person holds, and the parts its holder plays in a matter."""

    id: str
    title: str
    plays: tuple[Role, ...] = ()
    clause: str = ""


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group that decides: all members, or those it was constituted of; they play `plays` in a matter it decides."""

    id: str
    title: str
    all_members: bool = False
    chair: str = ""
    """The office whose holder presides; empty: the body chooses."""
    quorum: Share | None = None
    size: int | None = None
    plays: tuple[Role, ...] = ("decider",)
    clause: str = ""


class Breach(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Conduct that offends a clause."""

    id: str
    title: str
    clause: str


class Sanction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rung of the ladder: who may impose it, by what majority, after which rung, for how long."""

    id: str
    title: str
    rung: int
    by: str
    """The body that may impose it."""
    majority: Share | None = None
    after: str = ""
    """The sanction that must be in force first; empty: none."""
    needs_term: bool = False
    longest: Period | None = None
    clause: str = ""


class Stage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stage of a procedure: begun by any of `entered_by`, owned by a role, to be left within a period."""

    id: str
    title: str
    entered_by: tuple[str, ...]
    owner: Role
    within: Period | None = None
    overdue_to: Role | None = None
    """Who takes over when the period is missed."""
    clause: str = ""


class Procedure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a kind of matter goes: its stages in order, and the bodies that decide it and hear the appeal."""

    id: str
    title: str
    stages: tuple[Stage, ...]
    decided_by: str = ""
    appeal_to: str = ""
    clause: str = ""


class ActRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may do an act, and in which stages (none named: in any)."""

    act: str
    by: tuple[Role, ...]
    stages: tuple[str, ...] = ()
    clause: str = ""


class Demand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A requirement with its parameters: a checkable demand of natural justice or of the rules.

    `kind` names a requirement of the library, `parameters` are its own. `gates` are acts that are refused unless it
    comes to PASS or RULED once they are done. `ruled_by` may rule on it where only a person can judge.
    """

    id: str
    title: str
    guarantee: Guarantee
    kind: str
    parameters: dict[str, msgspec.Raw] = {}
    protects: Role = "respondent"
    clause: str = ""
    gates: tuple[str, ...] = ()
    ruled_by: tuple[Role, ...] = ()
    source: str = ""
    status: SourceStatus = "G"
    pack: str = ""
    """The pack it comes from; empty: the rulebook's own."""
    covers: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    """The published requirements it makes checkable; unset where none is named, so that older spellings stay."""


class DepartureRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A requirement that may be departed from, and by whom."""

    requirement: str
    by: tuple[Role, ...]
    clause: str = ""


class SecondKeyRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An act of the organisation that nobody does alone, and the roles whose holders may agree to it."""

    act: str
    by: tuple[Role, ...]
    clause: str = ""


class PackReference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack a rulebook builds on."""

    id: str
    version: str
    digest: str


class Pack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published standard in executable form, with its sources and its date. An aid, not legal advice."""

    id: str
    title: str
    version: str
    as_of: str
    jurisdiction: str
    clauses: tuple[Clause, ...] = ()
    demands: tuple[Demand, ...] = ()
    notes: tuple[str, ...] = ()
    undecidable: tuple[Undecidable, ...] | msgspec.UnsetType = msgspec.UNSET
    results: tuple[NamedResult, ...] | msgspec.UnsetType = msgspec.UNSET
    metrics: tuple[Metric, ...] | msgspec.UnsetType = msgspec.UNSET
    recordings: tuple[RecordingRule, ...] | msgspec.UnsetType = msgspec.UNSET
    """These four are unset where there is none: packs kept before they could be said keep their digest."""

    @property
    def things(self) -> tuple[Demand | NamedResult | Metric, ...]:
        """Return everything that can be asked of a record: demands, named results and figures."""
        return (*self.demands, *(self.results or ()), *(self.metrics or ()))

    def find_demand(self, demand_id: str) -> Demand | None:
        """Return the demand with this identifier."""
        return next((one for one in self.demands if one.id == demand_id), None)

    def find_result(self, result_id: str) -> NamedResult | None:
        """Return the named result with this identifier."""
        return next((one for one in self.results or () if one.id == result_id), None)

    def find_metric(self, metric_id: str) -> Metric | None:
        """Return the figure with this identifier."""
        return next((one for one in self.metrics or () if one.id == metric_id), None)


class Rulebook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """An organisation's adopted rules. `demands` holds those of the packs it builds on as well.

    `dict=True` keeps what is looked up for every act by name; it is no field, so neither equality nor spelling see it.
    """

    id: str
    title: str
    version: str
    jurisdiction: str
    calendar: Calendar
    clauses: tuple[Clause, ...] = ()
    builds_on: tuple[PackReference, ...] = ()
    offices: tuple[Office, ...] = ()
    bodies: tuple[Body, ...] = ()
    breaches: tuple[Breach, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    acts: tuple[ActRule, ...] = ()
    demands: tuple[Demand, ...] = ()
    departures: tuple[DepartureRule, ...] = ()
    second_key: tuple[SecondKeyRule, ...] | msgspec.UnsetType = msgspec.UNSET
    """Unset where there is none: rulebooks adopted before it could be said keep their spelling, and their digest."""

    def find_procedure(self, procedure_id: str) -> Procedure | None:
        """Return the procedure with this identifier."""
        return next((one for one in self.procedures if one.id == procedure_id), None)

    def find_sanction(self, sanction_id: str) -> Sanction | None:
        """Return the sanction with this identifier."""
        return next((one for one in self.sanctions if one.id == sanction_id), None)

    def find_body(self, body_id: str) -> Body | None:
        """Return the body with this identifier."""
        return next((one for one in self.bodies if one.id == body_id), None)

    def find_act_rule(self, act_name: str) -> ActRule | None:
        """Return the rule for an act, by the act's name."""
        return self._act_rules.get(act_name)

    def find_second_key(self, act_name: str) -> SecondKeyRule | None:
        """Return who must agree to an act of the organisation, by the act's name; None where nobody needs to."""
        rules = () if self.second_key is msgspec.UNSET else self.second_key
        return next((one for one in rules if one.act == act_name), None)

    def find_gating(self, act_name: str) -> tuple[Demand, ...]:
        """Return the demands that gate an act, by the act's name, in their order."""
        return self._gating.get(act_name, ())

    @cached_property
    def _act_rules(self) -> dict[str, ActRule]:
        # Where an act has two rules the first one counts, as it stands in the file.
        return {one.act: one for one in reversed(self.acts)}

    @cached_property
    def _gating(self) -> dict[str, tuple[Demand, ...]]:
        gated = {name for demand in self.demands for name in demand.gates}
        return {name: tuple(one for one in self.demands if name in one.gates) for name in gated}


_encoder = msgspec.json.Encoder(order="deterministic")


def encode_rulebook(rulebook: Rulebook | Pack) -> bytes:
    """Return the canonical JSON of a rulebook or pack."""
    return _encoder.encode(rulebook)


def build_digest(canonical: bytes) -> str:
    """Return the lower-case hexadecimal SHA-256 that identifies a rulebook or pack."""
    return sha256(canonical).hexdigest()


def parse_canonical_rulebook(data: bytes) -> Rulebook:
    """Return the rulebook whose canonical JSON is `data`. Raises: MalformedError for anything else."""
    return _parse(data, Rulebook)


def parse_canonical_pack(data: bytes) -> Pack:
    """Return the pack whose canonical JSON is `data`. Raises: MalformedError for anything else."""
    return _parse(data, Pack)


#: Made while nobody else runs: msgspec crashes when two threads are the first to read the same kind of struct.
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {kind: msgspec.json.Decoder(kind) for kind in (Rulebook, Pack)}
_R = TypeVar("_R", Rulebook, Pack)


def _parse(data: bytes, kind: type[_R]) -> _R:
    try:
        value: _R = _decoders[kind].decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"Not a {kind.__name__.lower()} in canonical form: {error}.") from error
    if _encoder.encode(value) != data:
        raise MalformedError(f"The {kind.__name__.lower()} is not in its canonical spelling.")
    return value
