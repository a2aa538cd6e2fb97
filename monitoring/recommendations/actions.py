"""Drafting a recommendation, and telling the next level that it is late; its steps are in transitions.py."""

from __future__ import annotations

from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import today
from foundation.database import execute, get, insert, lock, refusals, row, transaction, update, value
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from foundation.ties import TIED, not_allowed, tied
from lifecycle.record import record
from monitoring.recommendations import forms
from monitoring.recommendations.lifecycle import State, may_draft, may_edit
from monitoring.recommendations.tables import Recommendation

refusals(
    {
        "recommendation_second_person": N_(
            "The person who is responsible for a recommendation or marked it as done does not verify it."
        ),
        "recommendation_text": N_("Write what should be done, in one language at least."),
        "recommendation_due_stays": N_("The first due date stays as it was."),
        "recommendation_owner_of_staff": N_("A recommendation goes from one of the staff to another."),
        "recommendation_verified_by_no_part": N_(
            "A person who was responsible for a recommendation before never verifies it."
        ),
        "recommendation_due_by_extension": N_("A due date changes only when more time is approved."),
        "recommendation_with_due_date": N_("Set a due date first."),
        "recommendation_with_evidence": N_("Add evidence first: a file, a visit or a dated act."),
        "recommendation_adoption": N_("Write both the day of the act and what kind of act it is."),
        "recommendation_superseded_facts": N_("A recommendation is replaced by another one."),
        "follow_up_two_extensions": N_("A due date is extended twice at most."),
        "follow_up_second_person": N_("Nobody approves what they asked for themselves."),
        "follow_up_later": N_("The new day must be later than the current one."),
        "follow_up_evidence": N_("Add evidence first: a file, a visit or a dated act."),
    }
)


# writing -----------------------------------------------------------------------------------------------------------


async def draft(person: Person, given: forms.Draft) -> Recommendation:
    """Standing alone, or resting on a finding, whose grant and municipality it then has."""
    async with transaction():
        if given.id and (there := await _drafted_already(given.id, person)):
            return there
        given = await _of_finding(given)
        if not may_draft(person, given.municipality):
            raise NotAllowed(_("Recommendations are written by the curator of the municipality."))
        await _refuse_foreign_award(given, person)
        facts = given.columns() | ({"id": given.id} if given.id else {})
        made = await insert(Recommendation, reference=await _next_reference(), created_by=person.id, **facts)
        await record("recommendation.drafted", person, made, reference=made.reference)
    return made


async def _drafted_already(key: UUID, person: Person) -> Recommendation | None:
    """The answer to the first sending was lost: the draft is there once, and is not written over."""
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"recommendation {key}")
    there = await get(Recommendation, key)
    if there is not None and there.created_by != person.id:
        raise Refused(_("Another recommendation is here under this id."))
    return there


async def edit(recommendation: Recommendation, person: Person, given: forms.Draft) -> None:
    async with transaction():
        await lock(recommendation, given.revision)
        if not may_draft(person, recommendation.municipality_id) or not may_draft(person, given.municipality):
            raise NotAllowed(_("Only a draft can be changed, by the curator of the municipality."))
        if tied(person, recommendation):
            raise not_allowed(person, recommendation)
        if not may_edit(person, recommendation):
            raise Refused(_("Only a draft can be changed, by the curator of the municipality."))
        given = given.over(forms.stored_in(recommendation))
        given = await _of_finding(given.model_copy(update={"finding": recommendation.finding_id}))
        await _refuse_foreign_award(given, person)
        await update(recommendation, **given.columns())
        await record("recommendation.edited", person, recommendation)


async def escalate(recommendation_id: UUID, level: int) -> None:
    """Tells the next level once for each due date; a missed run catches up with the highest level reached."""
    async with transaction():
        recommendation = await get(Recommendation, recommendation_id)
        if recommendation is None:
            return
        await lock(recommendation)
        if recommendation.state not in State.in_set("running") or recommendation.due_current is None:
            return
        if (today() - recommendation.due_current).days < level:
            return
        due = str(recommendation.due_current)
        told = await row(
            "SELECT 1 FROM event e JOIN event_payload p USING (seq) WHERE e.object_id = $1"
            " AND e.name = 'recommendation.escalated' AND p.body->>'due' = $2 AND (p.body->>'level')::int >= $3",
            recommendation.id,
            due,
            level,
        )
        if told is None:
            await record("recommendation.escalated", SYSTEM, recommendation, level=level, due=due)


# inside ------------------------------------------------------------------------------------------------------------


async def _next_reference() -> str:
    year = today().year
    return f"R-{year}-{await value('SELECT next_number($1)', f'recommendation-{year}'):03d}"


async def _of_finding(given: forms.Draft) -> forms.Draft:
    if given.finding is None:
        return given
    found = await row(
        "SELECT v.award_id, v.municipality_id FROM finding f JOIN visit v ON v.id = f.visit_id WHERE f.id = $1",
        given.finding,
    )
    if found is None:
        raise Refused(_("This finding is not there any more."))
    return given.model_copy(update={"award": found["award_id"], "municipality": found["municipality_id"]})


async def _refuse_foreign_award(given: forms.Draft, person: Person) -> None:
    """A recommendation about a grant is for its municipality, and to nobody but its organisation."""
    found = await row("SELECT municipality_id, organisation_id FROM award WHERE id = $1", given.award)
    if person.tied_to(given.organisation, found["organisation_id"] if found else None):
        raise NotAllowed(_(TIED))
    if given.award is None:
        return
    if found is None or found["municipality_id"] != given.municipality:
        raise Refused(_("This grant is in another municipality."))
    if given.organisation is not None and found["organisation_id"] != given.organisation:
        raise Refused(_("This grant belongs to another organisation."))
