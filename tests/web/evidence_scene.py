"""Texts lodged as exhibits in the matter of `scenes`, by tools that start no program."""

from alteram.bootstrap import Opened
from alteram.core.acts import AssertionMarked, ExhibitDisclosed, ExhibitLodged
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.perform import perform
from tests.evidence import build_plain_tools
from tests.web.scenes import MANAGER, RESPONDENT, ROW, must

PAPER = "The vote was taken on Monday evening, the office says. The weather was fine. It was fine."
OTHER = "Yesterday. The vote was taken on Monday evening, the office says!"


def do(caucus: Opened, act: Act, by: PersonId = MANAGER) -> int:
    """Do an act that must be recorded; return its entry."""
    return must(perform(caucus.organisation, ROW, act, by))


def lodge(caucus: Opened, name: str, text: str, by: PersonId = MANAGER) -> int:
    """Lodge a text as an exhibit."""
    organisation = caucus.organisation
    prepared = prepare(
        organisation, ROW, receive(organisation, ROW, [text.encode()]), build_plain_tools(), kind="document"
    )
    act = ExhibitLodged(exhibit=name, kind="document", obtained="published", title=f"Title of {name}")
    return must(lodge_exhibit(organisation, ROW, act, by, prepared))


def disclose(caucus: Opened, *names: str, to: PersonId = RESPONDENT) -> int:
    """Give exhibits to somebody."""
    return do(caucus, ExhibitDisclosed(exhibits=names, to=to))


def mark(name: str, exhibit: str, text: str, words: str, **what: object) -> AssertionMarked:
    """Return the mark of words of a text, said by the office unless `what` says otherwise."""
    first = text.index(words)
    given = {"proposition": "p1", "stance": "asserts", "speaker": "The office"} | what
    return AssertionMarked(
        assertion=name, exhibit=exhibit, first=first, until=first + len(words), words=words,
        **given,  # type: ignore[arg-type]  # by name
    )  # fmt: skip
