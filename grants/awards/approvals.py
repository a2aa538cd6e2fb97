"""The director's decision on what the committee recommends: approved, it becomes an award; refused, it ends here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from accounts.person import Person
from foundation.clock import now, today
from foundation.database import execute, insert, lock, value
from foundation.language import N_
from foundation.language import gettext as _
from foundation.money import money
from foundation.refused import NotAllowed, Refused
from grants.applications.lifecycle import State, its_director
from grants.applications.tables import Application
from grants.awards import queries
from grants.awards.forms import Reasoned
from grants.awards.tables import Award
from lifecycle.record import record
from lifecycle.transition import Told, Transition

NOT_BOTH = N_("You took part in this application before. Another director decides on it.")


async def lock_with_call(application: Application, revision: int | None = None) -> None:
    """Call before application before events: the order in which every award takes its locks."""
    await execute("SELECT 1 FROM call WHERE id = $1 FOR UPDATE", application.call_id)
    await lock(application, revision)


step = partial(Transition, "application", lock_row=lock_with_call)
Steps = AsyncIterator[Told]


@step(
    "approval", "application.approved", {State.RECOMMENDED}, State.APPROVED, its_director, button=N_("Approve"),
    icon="check", history=N_("Grant approved"),
    done=N_("The grant is approved. Now the agreement is drafted."),
)  # fmt: skip
async def approve(application: Any, person: Person) -> Steps:
    """The director says yes to what the committee recommends, as recommended: the award stands with the same amount."""
    refuse_who_took_part(application, person)
    if application.decided_amount is None:
        raise Refused(_("The committee's minutes are not signed yet."))
    await refuse_above_organisation_limit(application)
    yield {}, {"amount": str(application.decided_amount)}
    award = await insert(
        Award,
        reference=await next_reference(),
        application_id=application.id,
        call_id=application.call_id,
        organisation_id=application.organisation_id,
        municipality_id=application.municipality_id,
        currency=application.currency,
        amount=application.decided_amount,
        title_ka=application.title_ka,
        title_en=application.title_en,
        summary_ka=application.summary_ka,
        summary_en=application.summary_en,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
        curator_id=application.checked_by,
        proposed_by=application.decided_by,
        approved_by=person.id,
        approved_at=now(),
    )
    await record("award.drafted", person, award, amount=str(award.amount), application=application.number)


@step(
    "rejection", "application.recommendation_declined", {State.RECOMMENDED}, State.REJECTED, its_director,
    form=Reasoned, reason="reason", button=N_("Do not approve"), look="bad",
    history=N_("The recommendation was not approved"),
    done=N_("The recommendation was not approved. The organisation reads the reason."),
)  # fmt: skip
async def reject(application: Any, person: Person, reason: str) -> Steps:
    refuse_who_took_part(application, person)
    yield {}


STEPS = (approve, reject)


def may_decide(person: Person, application: Any) -> bool:
    """The same question for the button, the page and the step."""
    return approve.open_to(person, application) and person.id not in application.took_part


def refuse_who_took_part(application: Any, person: Person) -> None:
    if person.id in application.took_part:
        raise NotAllowed(_(NOT_BOTH))


async def refuse_above_organisation_limit(application: Any) -> None:
    """The most one organisation may get over all calls of a currency is a rule of the programme; its row is held while
    we add up."""
    most = application.most_per_organisation
    if most is None:
        return
    await execute("SELECT 1 FROM organisation WHERE id = $1 FOR UPDATE", application.organisation_id)
    has = await value(
        "SELECT coalesce(sum(w.amount), 0) FROM award w JOIN call c ON c.id = w.call_id"
        f" WHERE w.organisation_id = $1 AND {queries.COUNTS}"
        " AND c.programme_id = (SELECT programme_id FROM call WHERE id = $2) AND w.currency = $3",
        application.organisation_id,
        application.call_id,
        application.currency,
    )
    if has + application.decided_amount > most:
        raise Refused(
            _(
                "This organisation would have {sum} in total, more than the {most} one organisation may get.",
                sum=money(has + application.decided_amount, application.currency),
                most=money(most, application.currency),
            )
        )


async def next_reference() -> str:
    year = today().year
    return f"G-{year}-{await value('SELECT next_number($1)', f'award-{year}'):03d}"
