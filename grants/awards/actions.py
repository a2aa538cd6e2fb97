"""Drafting an agreement; the steps of an award are in transitions.py. Locks first, checks next, writes last."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from accounts.person import Person
from foundation.clock import now, today
from foundation.database import delete, execute, insert, refusals, rows, transaction, update, value
from foundation.database import lock as lock_row
from foundation.language import N_, label
from foundation.language import gettext as _
from foundation.merging import kept_in
from foundation.money import money
from foundation.refused import Refused, Stale
from foundation.ties import not_allowed
from grants.awards import envelope as _envelope  # noqa: F401  registers with the committee
from grants.awards import extensions, lifecycle, queries
from grants.awards.forms import Budget, Calendar, ReportKind, Terms
from grants.awards.lifecycle import State
from grants.awards.tables import Award, AwardLine, ReportDue
from lifecycle.record import record

refusals(
    {
        "award_across_currencies": N_(
            "Across currencies, this organisation would have more than the programme gives one."
        ),
        "exchange_rate_missing": N_(
            "The programme has no exchange rate for one of these currencies on that day. An operator imports it first."
        ),
        "award_within_envelope": N_("The envelope of this call has no room for this grant."),
        "award_within_decision": N_("The amount is above what the committee decided."),
        "award_terms_frozen": N_("The terms of an offered agreement do not change. Take it back into the draft first."),
        "award_signatures_stay": N_("Who signed, and when, does not change."),
        "agreement_while_drafting": N_("An agreement document is made only while the agreement is drafted."),
        "signature_in_turn": N_("The organisation signs what is offered; the programme signs after it."),
        "signature_second_person": N_("Nobody signs for both sides."),
        "award_within_limits": N_("The amount is outside the limits of the call."),
        "award_within_request": N_("The amount is above what the organisation asked for."),
        "award_of_approved": N_("Only an approved application becomes a grant."),
        "award_after_reviews": N_("There are not enough finished reviews for this decision."),
        "award_after_minutes": N_("The committee's minutes are not signed yet."),
        "award_second_person": N_("The person who proposed this grant cannot approve it."),
        "award_application_id_key": N_("There is already a grant for this application."),
        "award_amount_frozen": N_("An offered amount changes only by an amendment."),
        "award_tranches_add_up": N_("The tranches do not add up to the grant."),
        "award_lines_add_up": N_("The lines of the budget do not add up to the grant."),
        "award_lines_frozen": N_("The budget of a grant changes only while the agreement is drafted."),
        "award_line_own_share": N_("The own share cannot be more than the whole cost of the line."),
        "award_agreement_made": N_("There is no agreement document yet."),
        "award_signed": N_("A signature on the latest version of the agreement is missing."),
        "award_committed": N_("The ledger does not carry the commitment of this grant."),
        "award_closed_by_two": N_("Closing takes two different people."),
        "award_accounted_for": N_("What was paid of this grant is not all accepted, returned or written off."),
        "award_decommitted": N_("What is not paid of this grant has not gone back to the envelope."),
        "award_tranches_settled": N_("A tranche of this grant is not paid or closed yet."),
        "award_final_report": N_("The final report is not accepted yet."),
        "award_dates": N_("The end must not be before the start."),
        "award_prevailing_language": N_("The prevailing language must be one the agreement is written in."),
        "report_due_periods": N_("The periods of two reports overlap."),
        "report_due_dates": N_("The end must not be before the start."),
        "report_due_frozen": N_("The report calendar changes only while the agreement is drafted."),
    }
)

# draft ---------------------------------------------------------------------------------------------------------


async def write_terms(award: Award, person: Person, terms: Terms) -> None:
    async with transaction():
        await lock_for_update(award, terms.revision)
        refuse_unless_drafting(award, person)
        terms = terms.over(award)
        given = terms.model_dump() | {"agreement_language": str(terms.agreement_language)}
        await update(award, **given)
        await record("award.terms_written", person, award)


async def write_calendar(award: Award, person: Person, calendar: Calendar) -> None:
    """Reports are numbered in the order of their periods; a report a tranche waits for keeps its row."""
    async with transaction():
        await lock_for_update(award, calendar.revision)
        refuse_unless_drafting(award, person)
        there = await queries.calendar_of(award)
        calendar = calendar.over({"reports": there})
        refuse_odd_calendar(award, calendar)
        lines = sorted(calendar.reports, key=lambda line: line.period_from)
        rows = kept_in(lines, there)
        kept = {due.id for due in rows if due}
        for due in there:
            if due.id not in kept:
                await refuse_awaited(due)
                await delete(due)
        # moved out of each other's way first: numbers and periods may not meet even for a moment
        await execute(
            "UPDATE report_due SET number = number + 1000, period_from = '0001-01-01'::date + number,"
            " period_to = '0001-01-01'::date + number WHERE award_id = $1",
            award.id,
        )
        for number, (line, its_row) in enumerate(zip(lines, rows, strict=True), 1):
            facts = line.model_dump(exclude={"id"}) | {"kind": str(line.kind)}
            if its_row:
                await update(its_row, number=number, **facts)
            else:
                await insert(ReportDue, award_id=award.id, number=number, **facts)
        await update(award, updated=now())
        await record("award.calendar_written", person, award)


async def write_budget(award: Award, person: Person, budget: Budget) -> None:
    """What each line costs and who pays what of it. It may not add up yet; it has to when the agreement is offered."""
    async with transaction():
        await lock_for_update(award, budget.revision)
        refuse_unless_drafting(award, person)
        there = await queries.lines_of(award)
        budget = budget.over({"lines": there})
        lines = {line.id: line for line in budget.lines}
        if len(lines) != len(budget.lines) or lines.keys() != {line.id for line in there}:
            raise Refused(
                _(
                    "The lines are those of the application: none is added and none left out; one that is struck out"
                    " costs 0."
                )
            )
        before = {line.id: (line.amount, line.own_share) for line in there}
        for line in there:
            await update(line, amount=lines[line.id].amount, own_share=lines[line.id].own_share)
        await update(award, updated=now())
        changed = [str(line.id) for line in there if (line.amount, line.own_share) != before[line.id]]
        await record("award.budget_written", person, award, lines=changed)


def missing_in_budget(award: Award, lines: Sequence[AwardLine]) -> list[str]:
    """The lines say what the grant pays, to the cent."""
    total = sum((line.amount - line.own_share for line in lines), Decimal(0))
    if not lines or total == award.amount:
        return []
    return [
        _(
            "The lines of the budget take {sum} from the grant; the grant is {amount}.",
            sum=money(total, award.currency),
            amount=money(award.amount, award.currency),
        )
    ]


def refuse_odd_calendar(award: Award, calendar: Calendar) -> None:
    lines = sorted(calendar.reports, key=lambda line: line.period_from)
    for before, after in pairwise(lines):
        if after.period_from <= before.period_to:
            raise Refused(_("The periods of two reports overlap."))
    if [line.kind for line in lines].count(ReportKind.FINAL) != 1 or lines[-1].kind != ReportKind.FINAL:
        raise Refused(_("One report is the final one, and it is the last."))


async def refuse_awaited(due: ReportDue) -> None:
    if await value("SELECT true FROM tranche_condition WHERE report_due_id = $1 LIMIT 1", due.id):
        raise Refused(
            _("A tranche waits for report {number}. Change the conditions of the tranche first.", number=due.number)
        )


def refuse_unless_drafting(award: Award, person: Person) -> None:
    if not lifecycle.its_drafter(person, award):
        raise not_allowed(person, award)
    if award.state != State.DRAFTING:
        raise Refused(_("This is no longer possible: the state is now “{state}”.", state=label(State(award.state))))


async def missing_for_offer(award: Award) -> list[str]:
    """What the draft still lacks, in sentences."""
    missing = []
    if not (award.starts_on and award.ends_on and award.offer_expires_on):
        missing.append(_("Enter the dates of the grant and the last day of the offer."))
    elif award.offer_expires_on < today():
        missing.append(_("The last day of the offer has passed. Choose a later one."))
    calendar = await queries.calendar_of(award)
    if not any(due.kind == ReportKind.FINAL for due in calendar):
        missing.append(_("Write the report calendar, with a final report."))
    planned = await queries.tranches_total(award)
    if planned != award.amount:
        missing.append(
            _(
                "The tranches add up to {sum}; the grant is {amount}.",
                sum=money(planned, award.currency),
                amount=money(award.amount, award.currency),
            )
        )
    missing += missing_in_budget(award, await queries.lines_of(award))
    return missing + await extensions.before_offer.about(award)


async def lock_for_update(award: Award, revision: int | None = None) -> Award:
    """Award before tranche before ledger before events. FOR UPDATE, as the triggers of the money take it too."""
    found = await rows("SELECT * FROM award WHERE id = $1 FOR UPDATE", award.id)
    if revision is not None and found and found[0]["revision"] != revision:
        sentence = _("Somebody else changed this in the meantime. Look at the new version, then try again.")
        raise Stale(sentence, found[0]["revision"])
    return await lock_row(award)
