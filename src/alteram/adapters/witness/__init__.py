"""Witnesses over HTTP: asking others to cosign our checkpoints, and cosigning theirs."""

from alteram.adapters.witness.client import HttpWitnesses, WitnessReport, prove_from_tiles
from alteram.adapters.witness.exchange import Outcome
from alteram.adapters.witness.keys import build_policy_lines, create_witness
from alteram.adapters.witness.nearness import NOT_INDEPENDENT, is_near, is_on_this_machine
from alteram.adapters.witness.server import build_application, serve_witness

__all__ = [
    "NOT_INDEPENDENT",
    "HttpWitnesses",
    "Outcome",
    "WitnessReport",
    "build_application",
    "build_policy_lines",
    "create_witness",
    "is_near",
    "is_on_this_machine",
    "prove_from_tiles",
    "serve_witness",
]
