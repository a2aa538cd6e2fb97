"""One grant of Vani Youth and one of Guria Women with all that belongs to them: something on every list, for each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from accounts.person import Person
from foundation.clock import now, today
from foundation.database import execute, rows
from grants.awards.tables import Award
from monitoring.results.donors.listing import Look
from monitoring.results.scope import EVERYTHING
from tests.builders.awards import a_recommended_application, a_tranche, an_award
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report
from tests.builders.reviews import a_review
from tests.builders.visits import a_visit
from tests.importing import importing
from web.lists.listing import Listing


@dataclass
class World:
    awards: dict[str, Award] = field(default_factory=dict)
    keys: dict[Any, str] = field(default_factory=dict)

    def whose(self, found: Sequence[Any]) -> str:
        """How many rows belong to whom, in the order of the rows; what belongs to neither is not told."""
        told = Counter(self.keys.get(each["key"], "") for each in found)
        return " ".join(f"{name} {many}" for name, many in told.items() if name)


def asking(listing: Listing[Any], person: Person) -> Any:
    """Who asks a list: the donor's are asked with what of the programme is looked at, too."""
    return Look(person, EVERYTHING) if listing.name.startswith("donor.") else person


async def a_world(cast) -> World:
    """Vani's grant is the older one: what it owes is late, where Guria's has time."""
    world = World()
    for whose, organisation, late, days in (
        ("vani", cast.vani_youth, True, 60),
        ("guria", cast.guria_women, False, 10),
    ):
        award = world.awards[whose] = await an_award(
            cast, organisation=organisation, reference=f"G-2026-{100 - days:03d}", title_en=f"Clubs of {whose}",
            starts_on=today() - timedelta(days=days), amount=6000 + days,
        )  # fmt: skip
        recommended = await a_recommended_application(cast, organisation=organisation)
        day = today() + timedelta(days=-1 if late else 20)
        asked = await a_recommendation(
            cast, organisation=organisation, award=award, due_current=day, due_original=day, theme=f"Minutes {whose}",
            reference=f"R-2026-{days:08d}", priority="high" if late else "low",
        )  # fmt: skip
        report, later = [await a_report(cast, award, state, n) for n, state in ((1, "open"), (2, "scheduled"))]
        planned = today() - timedelta(days=days)
        ahead = await a_visit(
            cast, award, "planned", planned_from=planned, planned_to=planned + timedelta(days=9 if late else 30),
            reference=f"V-2026-{days:08d}", purpose_en=f"See {whose}",
        )  # fmt: skip
        made = (
            organisation,
            award,
            recommended,
            asked,
            report,
            later,
            ahead,
            await a_tranche(cast, "certified", award),
        )
        world.keys |= {each.id: whose for each in made}
        world.keys |= {each: whose for each in (award.call_id, award.application_id, recommended.call_id)}
        applications = [award.application_id, recommended.id]
        entries = await rows("SELECT id FROM ledger_entry WHERE award_id = $1", award.id)
        reviews = await rows("SELECT id FROM review WHERE application_id = ANY($1)", applications)
        world.keys |= {each["id"]: whose for each in (*entries, *reviews)}
        async with importing():
            await execute("UPDATE report_due SET due_on = $2 WHERE award_id = $1 AND number = 1", award.id, day)
            await execute(
                "UPDATE application SET submitted_at = $2 WHERE id = ANY($1)",
                applications,
                now() - timedelta(days=days),
            )
    world.keys[(await a_review(cast, state="replaced")).id] = "dropped"
    return world
