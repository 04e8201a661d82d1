"""Plays a story: turns the clock, has acts done that must be allowed and others that must be refused, tells each."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from alteram.cli.describing import tell_ruling
from alteram.core.acts import get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import Rulebook
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform

#: Of the further reasons for a refusal, how many are told.
_OTHERS_TOLD: Final = 4
#: Where what is told of an act stands, under its name.
_UNDER: Final = " " * 25


class StoryError(AlteramError):
    """A step of the story came out otherwise than told."""


class Player:
    """Plays acts in an organisation, at times told in its own time zone."""

    def __init__(self, organisation: Organisation, rules: Rulebook, tell: Callable[[str], None]) -> None:
        self.organisation = organisation
        self._rules = rules
        self.tell = tell
        self._local = datetime(2025, 1, 1)  # noqa: DTZ001 - wall-clock time of the organisation

    def on(self, day: str, time: str, what: str = "") -> None:
        """Turn the clock to a local time; `what` heads what follows."""
        self._local = datetime.fromisoformat(f"{day}T{time}")
        if what:
            self.tell("")
            self.tell(f"{day}  {what}")

    @property
    def now(self) -> datetime:
        """Return the instant the clock shows."""
        return self._rules.calendar.instant_of(self._local)

    def instant(self, local: str) -> datetime:
        """Return the instant of a local time."""
        return self._rules.calendar.instant_of(datetime.fromisoformat(local))

    def add(self, what: str) -> None:
        """Tell more of the last act, under its name."""
        self.tell(f"{_UNDER}{what}")

    def do(self, stream: StreamId, who: PersonId, act: Act) -> int:
        """Have an act done that must be allowed; return its entry."""
        return self.tell_done(stream, who, perform(self.organisation, stream, act, who, now=self.now))

    def tell_done(self, stream: StreamId, who: PersonId, done: Performed) -> int:
        """Tell what was done with more than an act, such as a file, and must have been allowed; return its entry."""
        if done.seq is None:
            raise StoryError(f"An act by {who} was refused: " + " ".join(tell_ruling("it", done.ruling)))
        event = self.organisation.facts(stream, fresh=True).matter.find(done.seq)
        name = "" if event is None else get_spec(type(event.act)).name
        self.tell(f"  {stream:<16} {who}  {name}, entry {done.seq}")
        return done.seq

    def do_each(self, stream: StreamId, people: Sequence[PersonId], act: Act) -> None:
        """Have each of `people` do an act that must be allowed; tell it in one line."""
        done = [perform(self.organisation, stream, act, who, now=self.now) for who in people]
        name = get_spec(type(act)).name
        if not all(done):
            raise StoryError(f"{name} was refused to somebody.")
        self.tell(f"  {stream:<16} {len(done)} members, each: {name}, entries {done[0].seq} to {done[-1].seq}")

    def refused(self, stream: StreamId, who: PersonId, act: Act, *codes: str) -> None:
        """Have an act tried that must be refused, for one of these reasons among others."""
        done = perform(self.organisation, stream, act, who, now=self.now)
        name = get_spec(type(act)).name
        if done:
            raise StoryError(f"{name} by {who} was allowed.")
        told = list(tell_ruling(name, done.ruling))
        others = [line for line in told if line.lstrip().startswith("also:")]
        for line in told:
            if line not in others[_OTHERS_TOLD:]:
                self.tell(f"  {line}")
        if len(others) > _OTHERS_TOLD:
            self.tell(f"          and {len(others) - _OTHERS_TOLD} more")
        missing = [code for code in codes if not any(code in line for line in told)]
        if missing:
            raise StoryError(f"{name} by {who} was refused, but not for {', '.join(missing)}.")
