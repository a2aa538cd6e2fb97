"""Emails about visits and findings."""

from datetime import date, timedelta

from foundation.database import get
from lifecycle.record import record
from monitoring.visits import transitions
from monitoring.visits.queries import by_id
from monitoring.visits.tables import Finding
from tests.builders.awards import an_award
from tests.builders.people import a_second_curator
from tests.builders.visits import a_finding, a_visit
from tests.emails.telling import REASON, TBILISI, WITH_REASON, Both, Email, Facts, Told, day, named, recorded
from tests.importing import importing

OWN, PAGE = "editor signatory", "/visits/{reference}"
FINDING = PAGE + "/findings/{finding}"


def facts_of(cast, award, visit) -> Facts:
    return {
        "reference": visit.reference, "title": named(award, "title"), "organisation": named(cast.vani_youth, "name"),
        "lead": cast.curator.name, "days": between(visit.planned_from, visit.planned_to), "reason": REASON,
    }  # fmt: skip


def between(first, last) -> Both:
    """Of a few days: within a month, over its end, or over that of the year."""
    if first.month == last.month:
        return Both(*(f"{first.day}–{day(last):{code}}" for code in ("en", "ka")))
    if first.year == last.year:
        return Both(*(f"{f'{day(first):{code}}'.removesuffix(str(first.year)).rstrip(', ')} – {day(last):{code}}"
                      for code in ("en", "ka")))  # fmt: skip
    return Both(*(f"{day(first):{code}} – {day(last):{code}}" for code in ("en", "ka")))


async def one(cast, state):
    award = await an_award(cast)
    visit = await a_visit(cast, award, state)
    return visit, facts_of(cast, award, visit)


async def a_second_one(cast):
    """Nino continues; she is in the cast from now on."""
    cast.people["nino"] = await a_second_curator(cast)
    return cast.people["nino"]


async def found(cast, state):
    award = await an_award(cast)
    visit = await a_visit(cast, award)
    finding = await a_finding(cast, visit, state)
    facts = facts_of(cast, award, visit) | {"finding": str(finding.id)}
    if finding.shared_at:
        facts["last_day"] = day(ten_working_days_after(finding.shared_at.astimezone(TBILISI).date()))
    return finding, facts


def ten_working_days_after(shared: date) -> date:
    """Two weeks on; from the end of a week, two weeks after its Friday."""
    return shared - timedelta(days=max(0, shared.weekday() - 4)) + timedelta(days=14)


async def visit_given_away(cast, event) -> Facts:
    """With a finding that is not settled, of which nobody is told twice."""
    visit, facts = await one(cast, "in_field")
    await a_finding(cast, visit, "draft")
    nino = await a_second_one(cast)
    await transitions.hand_over(await by_id(cast.manager, visit.id), cast.manager, successor=nino.id, reason=REASON)
    return facts


async def finding_given_away(cast, event) -> Facts:
    finding, facts = await found(cast, "shared")
    nino = await a_second_one(cast)
    await record(
        event, cast.manager, await get(Finding, finding.id), before=cast.curator.id, after=nino.id, reason=REASON
    )
    async with importing():
        await Finding.update({Finding.author_id: nino.id}).where(Finding.id == finding.id)
    return facts


EMAILS = [
    Told("visit.planned", recorded(one, "planned"), [
        Email("curator", "A visit was planned for you: {title}", "title organisation days", PAGE),
    ]),
    Told("visit.handed_in", recorded(one, "received", by="curator"), [
        Email("manager", "A visit waits for your review: {title}", "lead reference title", PAGE),
    ]),
    Told("visit.returned", recorded(one, "in_field", tells=WITH_REASON), [
        Email("curator", "A visit came back to you: {title}", "reference title reason", PAGE),
    ]),
    Told("finding.shared", recorded(found, "shared", by="curator"), [
        Email(OWN, "A finding of the monitoring visit: {title}", "reference title last_day", FINDING),
    ]),
    Told("finding.responded", recorded(found, "responded", by="signatory"), [
        Email("curator", "Your finding: {title}", "organisation reference", FINDING),
    ]),
    Told("finding.not_answered", recorded(found, "shared"), [
        Email("curator", "Your finding: {title}", "organisation reference", FINDING),
    ]),
    Told("finding.returned", recorded(found, "draft", tells=WITH_REASON), [
        Email("curator", "A finding came back to you: {title}", "reference title reason", FINDING),
    ]),
    Told("visit.handed_over", visit_given_away, [
        Email("nino", "Work was given to you: {title}", "reference title organisation reason", PAGE),
        Email("curator", "Your work was given to somebody else: {title}", "reference title reason", None),
    ]),
    Told("finding.handed_over", finding_given_away, [
        Email("nino", "Work was given to you: {title}", "reference title organisation reason", FINDING),
        Email("curator", "Your work was given to somebody else: {title}", "reference title reason", None),
    ]),
]  # fmt: skip
