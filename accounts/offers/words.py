"""What each role lets somebody do, in a sentence: beside the choice, in the letter, and where it is accepted."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.person import Role
from foundation.language import N_, alone, label
from foundation.language import gettext as _

DOES = {
    Role.EDITOR: N_("Writes applications and reports for the organisation. Sends and signs nothing."),
    Role.SIGNATORY: N_(
        "Sends applications, signs agreements and reports for the organisation, and invites its people."
    ),
    Role.REVIEWER: N_("Reads and scores applications, after declaring having nothing to do with any applicant."),
    Role.CHAIR: N_("Leads the committee and signs the minutes of its decisions."),
    Role.CURATOR: N_("Writes calls, checks applications and reports, and visits grants in its municipalities."),
    Role.MANAGER: N_("Runs the programme: assigns reviewers, prepares awards, follows grants."),
    Role.FINANCE: N_("Verifies bank accounts and pays."),
    Role.DIRECTOR: N_("Signs agreements for the programme and decides what is above the manager's limit."),
    Role.DONOR: N_("Reads results and visits of the programme. Changes nothing."),
    Role.AUDITOR: N_("Reads every record of the programme. Changes nothing."),
    Role.ADMIN: N_("Keeps people, roles, organisations and settings."),
}


def does(kind: Role | str) -> str:
    return _(DOES[Role(kind)])


def choices(kinds: Iterable[Role]) -> list[tuple[str, str, str]]:
    """For a form: the role, its name, and what it lets somebody do."""
    return [(str(kind), alone(label(kind)), does(kind)) for kind in kinds]
