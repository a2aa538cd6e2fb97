"""What of the awards waits for whom, for the page of today."""

from __future__ import annotations

from typing import Any

from accounts.person import Person, Role
from foundation.clock import today
from foundation.database import all_of
from foundation.language import gettext as _
from foundation.language import label, pick_text
from grants.awards import approvals, lifecycle, queries
from grants.awards.lifecycle import State
from grants.awards.tables import Award
from grants.awards.transitions import close, settle
from lifecycle.tasks import MOST, Task

# A grant that ends waits for two people once nothing else is missing: until then it is the turn of whoever reports,
# accepts or pays. Who has done their part is not asked again.
WAITING = """
(award_unsigned(a.state)
  OR award_is_closing(a.state) AND award_can_close(a.id)
    AND ($1 AND a.closing_manager_id IS NULL OR $2 AND a.closing_finance_id IS NULL)
  OR award_is_terminated(a.state) AND award_can_close(a.id)
    AND ($3 AND a.closing_director_id IS NULL OR $2 AND a.closing_finance_id IS NULL))
"""


async def decisions(person: Person) -> list[Task]:
    """Recommended applications a director has not decided yet."""
    if not person.is_director:
        return []
    return [
        Task(
            "waiting",
            _("Approve or refuse the recommendation"),
            f"/approvals/{application.number}",
            since=application.minutes_signed_at,
            who=pick_text(application, "organisation"),
            about=pick_text(application, "title"),
            slug=application.slug or "",
        )
        for application in await queries.recommended_to(person)
        if application.decided_amount is not None and approvals.may_decide(person, application)
    ]


async def agreements(person: Person) -> list[Task]:
    condition, args = queries.visible_to(person, 4)
    awards = await all_of(
        Award,
        "SELECT a.*, o.name_ka AS organisation_ka, o.name_en AS organisation_en, m.slug FROM award a"
        " JOIN organisation o ON o.id = a.organisation_id LEFT JOIN municipality m ON m.id = a.municipality_id"
        f" WHERE {WAITING} AND {condition}"
        f" ORDER BY NOT award_unsigned(a.state), a.ends_on, a.reference LIMIT {MOST}",
        person.is_manager,
        person.is_finance,
        person.is_director,
        *args,
    )
    return [task for award in awards for task in [_of_award(person, award)] if task]


def _of_award(person: Person, award: Award) -> Task | None:
    match award.state:
        case State.DRAFTING if lifecycle.its_drafter(person, award):
            return _task(award, _("Draft the agreement"), since=award.approved_at)
        case State.OFFERED if lifecycle.its_signatory(person, award):
            due = award.offer_expires_on
            group = "today" if due and due <= today() else "waiting"
            return _task(award, _("Sign the agreement or answer the offer"), "", award.offered_at, due, group)
        case State.SIGNED_CSO if lifecycle.its_director(person, award):
            return _task(award, _("Countersign this agreement"), "/countersignature", award.signed_at)
        case State.CLOSING | State.TERMINATED if close.open_to(person, award) or settle.open_to(person, award):
            return _task(award, _("Close the grant"), since=award.ends_on)
    return None


async def nobody_apart(person: Person) -> list[Task]:
    """Whoever holds a role has to do with the grantee, so that what only this role does waits for nobody."""
    if not person.is_admin:
        return []
    return [
        Task(
            "today",
            _(
                "Nobody may act here ({role}): invite somebody who has nothing to do with the organisation",
                role=label(Role(each["kind"])),
            ),
            "/people/new",
            since=each["updated"],
            about=f"{each['reference']}, {pick_text(each, 'title')}",
            slug=each["slug"] or "",
        )
        for each in await queries.without_anybody_apart()
    ]


def _task(award: Any, verb: str, path: str = "", since: Any = None, due: Any = None, group: Any = "waiting") -> Task:
    return Task(
        group,
        verb,
        f"/awards/{award.reference}{path}",
        since=since,
        who=pick_text(award, "organisation"),
        about=f"{award.reference}, {pick_text(award, 'title')}",
        due=due,
        slug=award.slug or "",
    )
