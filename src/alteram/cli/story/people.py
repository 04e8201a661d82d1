"""Who is who in the story. Everybody is a role."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from alteram.core.kernel.identifiers import PersonId, StreamId

#: Offices beside the four of the dispute.
PARTIES: Final[Mapping[str, str]] = {"chair": "m09", "custodian": "m10", "scrutineer": "m11"}
CONDUCT, CONFIDENCE = StreamId("live-conduct"), StreamId("live-confidence")
ALL = tuple(PersonId(f"m{number:02d}") for number in range(1, 65))
RESPONDENT, WHIP, REPORTER = PersonId("m05"), PersonId("m02"), PersonId("m03")
LEADER, CHAIR, CUSTODIAN, SCRUTINEER = PersonId("m01"), PersonId("m09"), PersonId("m10"), PersonId("m11")
MANAGER, OTHER_MANAGER, CONTACT, COMPANION = PersonId("m20"), PersonId("m22"), PersonId("m21"), PersonId("m23")
INVESTIGATOR, INDEPENDENT = PersonId("x04"), PersonId("x05")
PANEL = (PersonId("x01"), PersonId("x02"), PersonId("x03"))
#: When the story has ended.
FINISHED: Final = datetime(2025, 12, 17, tzinfo=UTC)
#: Who took no other part, and so may vote.
VOTERS = tuple(
    one for one in ALL if one not in {RESPONDENT, WHIP, REPORTER, MANAGER, OTHER_MANAGER, CONTACT, COMPANION}
)
