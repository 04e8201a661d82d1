"""The dispute of `the-night-before` played live in the browser: each person in a browser of their own.

It is the very story that the demonstration plays, act by act, through the forms of the pages; the clock of the server
is moved as the story goes on. Only what dozens of members do alike (declaring interests) is done beside the pages.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.bootstrap import Opened, create, open_folder
from alteram.cli.story.charge import charge, complain, go_wrong
from alteram.cli.story.hearing import decide, hear
from alteram.cli.story.investigation import investigate
from alteram.cli.story.people import ALL, CONFIDENCE, FINISHED, PANEL, PARTIES
from alteram.cli.story.player import Player, StoryError
from alteram.core.acts import CommandRecorded, OrganisationFounded, ReportLodged, get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.rules import Rulebook
from alteram.operations.founding import found
from alteram.operations.perform import perform
from alteram.operations.questions import assess_matter
from alteram.operations.rulebooks import adopt_rulebook
from tests.web.filling import fill
from tests.web.links import make_links
from tests.web.serving import served

PICTURES = Path(__file__).parents[2] / "var" / "test" / "pictures"
ZONE = ZoneInfo("Pacific/Auckland")
OFFICES = {"leader": "m01", "senior-whip": "m02", "junior-whip": "m03", "minister": "m04", **PARTIES}


class BrowserPlayer(Player):
    """Plays acts through the pages; how many each person did is counted in `done`."""

    def __init__(self, opened: Opened, rules: Rulebook, address: str, clock: Path, browser: Browser) -> None:
        super().__init__(opened.organisation, rules, lambda _: None)
        self._opened, self._address, self._clock, self._browser = opened, address, clock, browser
        self._pages: dict[PersonId, Page] = {}
        self._closes = ExitStack()
        self._ahead = timedelta()
        self.done: dict[PersonId, int] = {}
        self.refusals = 0

    def close(self) -> None:
        self._closes.close()

    def take_pictures(self) -> None:
        """Leave what each person sees at the end with the results of the tests."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for person, page in self._pages.items():
            page.goto(f"{self._address}/caucus/matters/{CONFIDENCE}/")
            page.screenshot(path=PICTURES / f"the-night-before-{person}.png", full_page=True)

    def on(self, day: str, time: str, what: str = "") -> None:
        super().on(day, time, what)
        self._ahead = self.now - datetime.now(UTC)
        self._clock.write_text(str(self._ahead.total_seconds()))

    def _served_now(self) -> datetime:
        """Return what the server's clock shows: it goes on between two times of the story."""
        return datetime.now(UTC) + self._ahead

    def page(self, person: PersonId) -> Page:
        if person not in self._pages:
            context = self._browser.new_context(java_script_enabled=False)
            self._closes.callback(context.close)
            page = context.new_page()
            page.goto(make_links(self._opened.folder, self._address, "caucus", [person])[0])
            with page.expect_navigation():
                page.locator("main button").first.click()
            self._pages[person] = page
        return self._pages[person]

    def do(self, stream: StreamId, who: PersonId, act: Act) -> int:
        if isinstance(act, ReportLodged):
            return self._lodge(stream, who, act)
        page = self._send(stream, who, act)
        told = page.locator(".told")
        if not told.count():
            raise StoryError(f"{get_spec(type(act)).name} by {who}: {page.locator('main').inner_text()[:1500]}")
        self.done[who] = self.done.get(who, 0) + 1
        state = self.organisation.state(stream, fresh=True)
        assert state.head is not None
        return state.head.seq

    def _lodge(self, stream: StreamId, who: PersonId, act: ReportLodged) -> int:
        """Lodge a report beside the pages: there it would get a name of its own, and the story needs this one."""
        done = perform(self.organisation, stream, act, who, now=self._served_now())
        assert done.seq is not None
        return done.seq

    def do_each(self, stream: StreamId, people: Sequence[PersonId], act: Act) -> None:
        for who in people:
            assert perform(self.organisation, stream, act, who, now=self._served_now())

    def refused(self, stream: StreamId, who: PersonId, act: Act, *codes: str) -> None:
        del codes  # the page shows reasons, not codes
        page = self._send(stream, who, act)
        assert page.locator("#refusal-head").count() == 1, f"{get_spec(type(act)).name} by {who} was not refused"
        self.refusals += 1

    def _send(self, stream: StreamId, who: PersonId, act: Act) -> Page:
        page = self.page(who)
        page.goto(f"{self._address}/caucus/matters/{stream}/acts/{get_spec(type(act)).name}/")
        assert page.locator("form.act").count() == 1, page.locator("main").inner_text()[:1500]
        fill(page, act, ZONE)
        with page.expect_navigation():
            page.get_by_role("button", name="Record it").click()
        return page


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    create(tmp_path, organisation="caucus", origin="caucus.example/log")
    opened = open_folder(tmp_path)
    rules = load_rulebook("caucus")
    began = rules.calendar.instant_of(datetime.fromisoformat("2025-02-03T09:00"))
    act = OrganisationFounded(
        name="The caucus", kind="caucus", jurisdiction="NZ", time_zone="Pacific/Auckland", secretary=PersonId("m02")
    )
    offices = {office: PersonId(person) for office, person in OFFICES.items()}
    found(opened.organisation, act, members=ALL, offices=offices, bodies={"appeal-panel": PANEL}, now=began)
    whips = CommandRecorded(superior=PersonId("m01"), people=(PersonId("m02"), PersonId("m03"), PersonId("m04")))
    perform(opened.organisation, ORGANISATION_STREAM, whips, act.secretary, now=began)
    published = rules.calendar.local_day(began)
    adopt_rulebook(
        opened.organisation, rules, act.secretary, packs=load_packs(rules), published_on=published, now=began
    )
    yield opened
    opened.close()


def test_the_whole_dispute_is_played_in_the_browser_and_fails_no_requirement(
    opened: Opened, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> None:
    clock = tmp_path_factory.mktemp("clock") / "seconds"
    clock.write_text("0")
    with served(opened.folder, clock=clock) as address:
        player = BrowserPlayer(opened, load_rulebook("caucus"), address, clock, chromium)
        try:
            for part in (complain, charge, go_wrong, investigate):
                part(player)
            decide(player, hear(player))
            player.take_pictures()
        finally:
            player.close()
    assessment = assess_matter(opened.organisation, CONFIDENCE, now=FINISHED)
    assert not [one.demand.id for one in assessment.requirements if one.finding.result == "FAIL"]
    assert len([who for who, acts in player.done.items() if acts]) >= 6
    assert player.refusals >= 10
    sys.stdout.write(f"{sum(player.done.values())} acts by {len(player.done)} people, {player.refusals} refused\n")
