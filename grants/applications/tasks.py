"""What of the applications waits for whom, for the page of today."""

from __future__ import annotations

from accounts.person import Person
from foundation.clock import today
from foundation.database import Row
from foundation.language import N_, ngettext, pick_text
from foundation.language import gettext as _
from grants.applications import queries
from lifecycle.tasks import Group, Task


async def applications_that_wait(person: Person) -> list[Task]:
    """One statement; what a person's roles let them move."""
    found = await queries.waiting_for(person) if queries.may_list(person) else []
    return [_task(each) for each in found]


async def nobody_can_check(person: Person) -> list[Task]:
    """All who curate the place have to do with an applicant of the call, or nobody curates it."""
    found = await queries.without_checker() if person.is_manager else []
    return [
        Task(
            "waiting", ngettext(
                "Nobody may check {n} application here: invite a curator who has nothing to do with the applicants",
                "Nobody may check {n} applications here: invite a curator who has nothing to do with the applicants",
                each["n"],
            ),
            "/organisations?kind=curator", since=each["since"], about=pick_text(each, "title"), slug=each["slug"],
        )
        for each in found
    ]  # fmt: skip


def _task(each: Row) -> Task:
    title = pick_text(each, "title") if each["title_ka"] or each["title_en"] else pick_text(each, "call_title")
    words, path = VERBS[each["what"]]
    due = each["due"]
    group: Group = "waiting" if due is None or due > today() else "today" if due == today() else "overdue"
    return Task(
        group, _(words), f"/applications/{each['number']}{path}", since=each["since"], due=due, about=title,
        who=pick_text(each, "organisation_name") if each["staff"] else "", slug=each["slug"] or "",
    )  # fmt: skip


VERBS = {
    "draft": (N_("Finish and send the application"), ""),
    "sign": (N_("Check and send the application"), "/check"),
    "answer": (N_("Answer the question about the application"), "/reply"),
    "begin": (N_("Begin the eligibility check"), ""),
    "judge": (N_("Check whether the application is eligible"), "/eligibility"),
    "failing": (N_("Decide what follows from a failed criterion"), ""),
    "review": (N_("Pass the application to the reviewers"), ""),
    "confirm": (N_("Decide on the proposal “not eligible”"), "/ineligibility"),
}
