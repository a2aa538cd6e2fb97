"""Letters about reviews and decisions, and the clock's verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts import letters
from accounts.person import Role
from accounts.queries import holders_of, recipients, workers_of
from foundation.apart import apart
from foundation.clock import TBILISI
from foundation.database import Row, get, row
from foundation.language import N_, day, ngettext, number, pick_text
from foundation.language import gettext as _
from foundation.money import money
from grants.applications.tables import Application
from grants.calls.tables import Call
from grants.reviews import queries
from grants.reviews.committee.transitions import release_reserves
from grants.reviews.lifecycle import Outcome
from grants.reviews.outcome import outcome_for
from grants.reviews.tables import Decision, MeetingMinutes
from lifecycle.record import Event

ASKED = N_(
    "You are asked to review “{title}” of {organisation}. Declare first whether you have a conflict of interest; then"
    " the application opens.\n\n{link}"
)
ASKED_BY_A_DAY = N_(
    "You are asked to review “{title}” of {organisation}, until {due}. Declare first whether you have a conflict of"
    " interest; then the application opens.\n\n{link}"
)

# reviewers and managers ---------------------------------------------------------------------------------------------


async def ask_the_reviewer(event: Event) -> None:
    """Names the organisation and the title, and nothing else: no conflict is declared yet."""
    review = await _review(event)
    await _tell(
        await recipients(review["reviewer_id"]),
        event,
        review,
        N_("You are asked to review an application"),
        ASKED_BY_A_DAY if review["due_on"] else ASKED,
        due=lambda: day(review["due_on"]),
    )


async def tell_the_managers(event: Event) -> None:
    review = await _review(event)
    told = {
        each.id: each
        for each in [*await recipients(review["assigned_by"]), *await holders_of(Role.MANAGER, Role.CHAIR)]
    }
    told.pop(review["reviewer_id"], None)
    await _tell(
        list(told.values()),
        event,
        review,
        N_("A reviewer has a conflict of interest"),
        N_(
            "{reviewer} declared a conflict of interest with {organisation} (“{title}”). They review nothing more in"
            " this call, and what they scored in it no longer counts; the programme manager chooses somebody"
            " else.\n\n{link}"
        ),
        reviewer=review["reviewer_name"],
    )


async def tell_the_reviewer_why(event: Event) -> None:
    review = await _review(event)
    await _tell(
        await recipients(review["reviewer_id"]),
        event,
        review,
        N_("Your review was opened again"),
        N_("The committee's chair opened your review of “{title}” again, with this reason:\n\n{reason}\n\n{link}"),
        reason=event.reason,
    )


async def thank_the_reviewer(event: Event) -> None:
    review = await _review(event)
    if review["conflict"]:
        return  # they know why
    await _tell(
        await recipients(review["reviewer_id"]),
        event,
        review,
        N_("You need not review this application"),
        N_("Somebody else reviews “{title}” of {organisation}. You have nothing left to do for it.\n\n{link}"),
    )


# applicants ---------------------------------------------------------------------------------------------------------

SUBJECTS = {
    Outcome.APPROVE: N_("The committee recommends your application {number}"),
    Outcome.CORRECTION: N_("Your application {number}: approval after a correction"),
    Outcome.RESERVE: N_("Your application {number} is on the reserve list"),
    Outcome.REJECT: N_("Your application {number} was not selected"),
}
OPENINGS = {
    Outcome.APPROVE: N_(
        "The committee recommends a grant of {amount} for “{title}”. The director confirms it; then the agreement is"
        " prepared with you."
    ),
    Outcome.CORRECTION: N_(
        "The committee approves “{title}” with {amount} on these conditions. Meet them by {correct_by} on the page of"
        " your application:\n\n{correction}\n\nIf they are not met by then, the committee decides on the application as"
        " it is."
    ),
    Outcome.RESERVE: N_(
        "“{title}” is on the reserve list with {amount}. If money becomes free by {reserve_until}, the best of the list"
        " moves up, and you hear from us."
    ),
    Outcome.REJECT: N_("The committee did not select “{title}”."),
}


async def write_to_every_applicant(event: Event) -> None:
    minutes = await get(MeetingMinutes, event.object_id)  # type: ignore[arg-type]
    assert minutes is not None
    contact = await letters.where_to_write()
    for decision in await queries.decisions_in(minutes):
        async with apart():
            await _write_to_applicant(event, minutes, decision, contact)


async def _write_to_applicant(event: Event, minutes: MeetingMinutes, decision: Decision, contact: str) -> None:
    """The decision with its conditions, the reasons, and until when and where to complain."""
    application = await get(Application, decision.application_id)
    assert application is not None
    told = await outcome_for(application)
    assert told is not None
    call = told["call"]
    signed = minutes.signed_at.astimezone(TBILISI).date()
    last_day = signed + timedelta(days=call.complaint_days)
    await letters.write(
        await workers_of(application.organisation_id),
        f"{event.seq}:{application.number}",
        SUBJECTS[Outcome(decision.outcome)],
        N_("{opening}\n\nThe committee's reasons:\n{reason}\n\n{scores}\n\n{complaint}\n\n{link}"),
        link=f"/applications/{application.number}/decision",
        number=application.number,
        opening=lambda: _opening(decision, minutes, application, call),
        reason=decision.reason,
        scores=lambda: _scores(told),
        complaint=lambda: ngettext(
            "If you disagree, you can complain within {n} day of the decision, until {last_day}. Write to: {contact}",
            "If you disagree, you can complain within {n} days of the decision, until {last_day}. Write to: {contact}",
            call.complaint_days,
            last_day=day(last_day),
            contact=contact,
        ),
    )  # fmt: skip


def _opening(decision: Decision, minutes: MeetingMinutes, application: Application, call: Call) -> str:
    return _(
        OPENINGS[Outcome(decision.outcome)],
        title=pick_text(application, "title"),
        amount=money(decision.amount, call.currency),
        correct_by=day(decision.correct_by),
        correction=decision.correction or "",
        reserve_until=day(minutes.reserve_until),
    )


def _scores(told: dict[str, Any]) -> str:
    """A short summary; the page has every word."""
    if told["average"] is None:
        return ""
    lines = [_("Average score: {score} of 100.", score=number(told["average"], 1))]
    for each in told["criteria"]:
        if each["average"] is not None:
            lines.append(
                _(
                    "{criterion}: {points} of {most}",
                    criterion=pick_text(each["row"], "title"),
                    points=number(each["average"], 1),
                    most=number(each["row"].max_points),
                )
            )
    return "\n".join(lines)


async def tell_it_moved_up(event: Event) -> None:
    await _tell_the_organisation(
        event,
        N_("Your application {number} moves up from the reserve list"),
        N_(
            "Money became free: “{title}” moves up from the reserve list with {amount}. The programme's director has"
            " the last word; you hear from us.\n\n{link}"
        ),
    )


async def tell_the_reserve_list_ended(event: Event) -> None:
    await _tell_the_organisation(
        event,
        N_("Your application {number}: the reserve list has ended"),
        N_(
            "The reserve list held until {reserve_until}. No money became free for “{title}” by then, so the"
            " application ends here. You are welcome to apply to another call.\n\n{link}"
        ),
    )


async def _tell_the_organisation(event: Event, subject: str, body: str) -> None:
    """What became of an application that waited on the reserve list, with the amount and the day of its decision."""
    application = await get(Application, event.object_id)  # type: ignore[arg-type]
    assert application is not None
    decision = await queries.decision_of(application)
    assert decision is not None
    minutes = await get(MeetingMinutes, decision.minutes_id)
    assert minutes is not None
    await letters.write(
        await workers_of(application.organisation_id),
        f"{event.seq}",
        subject,
        body,
        link=f"/applications/{application.number}",
        number=application.number,
        title=lambda: pick_text(application, "title"),
        amount=lambda: money(decision.amount, application.currency),
        reserve_until=lambda: day(minutes.reserve_until),
    )


async def end_reserve_lists() -> None:
    await release_reserves()


# -------------------------------------------------------------------------------------------------------------------


async def _review(event: Event) -> Row:
    found = await row(
        "SELECT v.id, v.reviewer_id, v.assigned_by, v.due_on, v.conflict, p.name AS reviewer_name, a.number,"
        " a.title_ka, a.title_en, o.name_ka AS organisation_name_ka, o.name_en AS organisation_name_en"
        " FROM review v JOIN account p ON p.id = v.reviewer_id JOIN application a ON a.id = v.application_id"
        " JOIN organisation o ON o.id = a.organisation_id WHERE v.id = $1",
        event.object_id,
    )
    assert found is not None
    return found


async def _tell(people: list[Any], event: Event, review: Row, subject: str, body: str, **values: Any) -> None:
    await letters.write(
        people,
        f"{event.seq}",
        subject,
        body,
        link=f"/reviews/{review['id']}",
        title=lambda: pick_text(review, "title"),
        organisation=lambda: pick_text(review, "organisation_name"),
        **values,
    )
