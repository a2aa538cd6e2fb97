"""Whose turn it is with a recommendation, in a sentence for whoever reads it. Pure."""

from __future__ import annotations

from accounts.person import Person
from foundation.language import gettext as _
from monitoring.recommendations.lifecycle import State, its_head, its_lead, its_owner, its_verifier
from monitoring.recommendations.tables import Recommendation


def next_action(person: Person, one: Recommendation, owner: str) -> str:
    """`owner` is whom it is addressed to, by name; empty when nothing is left to do."""
    mine = its_owner(person, one)
    match one.state:
        case State.DRAFT if its_lead(person, one):
            return _("Read it once more, set the due date, then issue it.")
        case State.DRAFT:
            return _("The curator of the municipality issues it.")
        case State.ISSUED if mine:
            return _("Accept it, or dispute it and say why.")
        case State.ISSUED:
            return _("{owner} accepts or disputes it.", owner=owner)
        case State.DISPUTED if its_head(person, one):
            return _("Read why it is disputed. Issue it again, with other words if needed, or withdraw it.")
        case State.DISPUTED:
            return _("The programme manager decides what becomes of the dispute.")
        case State.ACCEPTED if mine:
            return _("Begin the work, and give updates.")
        case State.IN_PROGRESS if mine:
            return _("When it is done, report it done with evidence: a document, a photo or a dated act.")
        case State.PARTLY | State.REOPENED if mine:
            return _("Continue the work; the verifier says below what is missing.")
        case State.ACCEPTED | State.IN_PROGRESS | State.PARTLY | State.REOPENED:
            return _("{owner} does the work and reports it done with evidence.", owner=owner)
        case State.REPORTED_DONE if its_verifier(person, one):
            return _("Look at the evidence, then verify it, find it partly done, or reopen it.")
        case State.REPORTED_DONE:
            return _("A curator or programme manager who neither owns it nor reported it done verifies the evidence.")
    return ""
