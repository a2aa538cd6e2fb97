"""What applications bring to the house."""

from accounts.person import Person, Role, having
from foundation.language import N_
from grants.applications import api, notices, pages, queries, tasks
from grants.applications.checking import pages as checking
from grants.applications.drafting import pages as drafting
from lifecycle.room import Room
from lifecycle.timed import Timed
from web.shell import MenuEntry


def only_triages(person: Person | None) -> bool:
    return queries.triages(person) and not queries.applies(person)


ROOM = Room(
    "applications",
    routes=[*pages.ROUTES, *drafting.ROUTES, *checking.ROUTES, *api.ROUTES],
    letters={
        "application.handed_over": [notices.ask_the_signatory],
        "application.submitted": [notices.confirm_receipt],
        "application.taken_back": [notices.tell_it_was_taken_back],
        "application.expired": [notices.tell_it_was_not_sent],
        "application.withdrawn": [notices.tell_it_was_withdrawn],
        "application.closed_by_cancellation": [notices.tell_the_call_was_cancelled],
        "application.clarification_asked": [notices.pass_on_the_question],
        "application.clarified": [notices.pass_on_the_answer],
        "application.corrected": [notices.pass_on_the_answer],
        "application.ineligibility_proposed": [notices.ask_a_manager],
        "application.proposal_dropped": [notices.tell_the_curators],
        "application.found_ineligible": [notices.tell_it_is_not_eligible],
        "application.readmitted": [notices.tell_it_is_checked_again],
        "application.review_started": [notices.tell_it_is_eligible],
        "call.suspended": [notices.tell_that_it_stands_still],
        "call.resumed": [notices.tell_that_it_goes_on],
        "call.deadline_extended": [notices.tell_whoever_is_still_writing],
    },
    no_letter={
        "the letter of the decision says the conditions and until when": ["application.correction_asked"],
        "its people write it": [
            "application.started", "application.edited", "application.reply_drafted", "application.handed_back",
        ],
        "the applicant hears of the check when it is finished": [
            "application.check_begun", "application.criterion_checked",
        ],
        "the letter of its own event goes to the reviewer": ["application.review_reopened"],
        "the page of today shows it to the committee": ["application.scored"],
        "the signed minutes write to every applicant": [
            "application.recommended", "application.reserved", "application.rejected",
        ],
        "the award that is drafted with it is told": ["application.approved"],
    },
    timed=[Timed(notices.clock, seconds=30)],
    tasks=[tasks.applications_that_wait, tasks.nobody_can_check],
    menu=[
        MenuEntry(20, N_("My applications"), "/applications", queries.applies, daily=queries.applies),
        MenuEntry(
            31, N_("Applications"), "/applications", only_triages,
            daily=having(Role.CHAIR, Role.CURATOR, Role.MANAGER, Role.AUDITOR, Role.ADMIN),
        ),
    ],
)  # fmt: skip
