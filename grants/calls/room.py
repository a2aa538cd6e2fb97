"""What calls bring to the house."""

from accounts.person import Role, having
from foundation.language import N_
from grants.calls import api, notices, pages, tasks
from grants.calls.manage import pages as manage
from lifecycle.room import Room
from lifecycle.timed import Timed
from web.shell import MenuEntry

ROOM = Room(
    "calls",
    routes=[*pages.ROUTES, *manage.ROUTES, *api.ROUTES],
    letters={
        "call.sent_for_approval": [notices.ask_the_managers],
        "call.returned": [notices.tell_the_author_why],
        "call.scheduled": [notices.tell_the_author_it_opens],
        "call.opened": [notices.invite_organisations],
        "call.handed_over": [notices.tell_both],
        "call.recalled": [notices.tell_them_it_is_a_draft_again],
        "call.cancelled": [notices.tell_those_who_made_it],
    },
    no_letter={
        "its author writes it": ["call.created", "call.changed", "call.cloned"],
        "each application and its review has a letter of its own": ["call.closed", "call.evaluation_started"],
        "the signed minutes write to every applicant": ["call.decided", "call.evaluation_reopened"],
        "nothing is left to do": ["call.completed"],
    },
    timed=[Timed(notices.open_and_close, seconds=10), Timed(notices.complete, seconds=600)],
    tasks=[tasks.calls_that_wait],
    owned=[tasks.DRAFTS],
    menu=[
        MenuEntry(10, N_("Calls"), "/calls", daily=having(Role.EDITOR, Role.SIGNATORY, Role.REVIEWER)),
        MenuEntry(
            30, N_("Manage calls"), "/manage/calls", manage.works_with_calls, daily=having(Role.CHAIR, Role.MANAGER)
        ),
    ],
)
