"""What the pages show beyond the rows themselves: answers as words, tones of states, weeks of a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.person import Person
from foundation.clock import today
from foundation.database import Row
from foundation.language import day, days
from foundation.language import gettext as _
from monitoring.visits.checklist import POINT_OPTIONS, VERSIONS
from monitoring.visits.lifecycle import (
    FindingState,
    Severity,
    State,
    its_grantee,
    its_lead,
    its_reviewer,
    leads_its_visit,
    reviews_its_visit,
)
from monitoring.visits.points import Point
from monitoring.visits.queries import GRACE
from monitoring.visits.tables import Finding, Visit
from monitoring.visits.working_days import ANSWER_DAYS, working_days_after

SEVERITY_TONES = {Severity.LOW: "", Severity.MEDIUM: "info", Severity.HIGH: "warn", Severity.CRITICAL: "bad"}


@dataclass(frozen=True)
class Told:
    """A question with the answer that was given, or None."""

    words: str
    answer: str | None


def describe(visit: Visit, points: list[Point]) -> list[Told]:
    """The checklist of the visit's own version, as it was answered."""
    answers: Any = visit.answers or {}
    said = []
    for question in VERSIONS[visit.form_version].questions:
        if question.options:
            words = dict(question.options).get(answers.get(question.key, ""))
            said.append(Told(_(question.words), _(words) if words else None))
        elif question.key == "participants":
            said.append(Told(_(question.words), _participants(visit)))
        elif question.key == "notes":
            said.append(Told(_(question.words), visit.notes))
    known = {str(point.id): point for point in points}
    for key, given in (answers.get("points") or {}).items():
        words = dict(POINT_OPTIONS).get(given.get("answer", ""))
        about = known[key].short if key in known else _("An earlier recommendation, closed since")
        standing = ": ".join(part for part in (_(words) if words else "", given.get("note", "")) if part)
        said.append(Told(about, standing or None))
    return said


def _participants(visit: Visit) -> str | None:
    if visit.women is None and visit.men is None:
        return None
    return _(
        "women: {women}, men: {men}",
        women=_("not counted") if visit.women is None else visit.women,
        men=_("not counted") if visit.men is None else visit.men,
    )


def next_step(visit: Visit, person: Person) -> str:
    """What happens next and who does it, told to whoever reads; empty when nothing is left to do."""
    mine = its_lead(person, visit)
    names: Any = {"lead": vars(visit).get("lead_name", ""), "days": days(visit.planned_from, visit.planned_to) or ""}
    if visit.state in State.in_set("pending") and not mine and vars(visit).get("lead_acts") is False:
        return _("Nobody leads this visit now. A programme manager hands it over.")
    match visit.state:
        case State.PLANNED if mine:
            return _("You lead this visit. Confirm that you will make it on {days}.", **names)
        case State.PLANNED:
            return _("{lead} leads this visit and confirms its days next.", **names)
        case State.CONFIRMED if mine:
            return _("Make the visit on {days}, then record here what you saw.", **names)
        case State.CONFIRMED:
            return _("{lead} makes the visit on {days}.", **names)
        case State.IN_FIELD if mine:
            return _("Continue recording. When everything is there, submit it.")
        case State.IN_FIELD:
            return _("{lead} is recording what was seen.", **names)
        case State.RECEIVED:
            return _("The text is here. {lead} still adds what is missing.", **names)
        case State.COMPLETE if mine:
            return _("Everything is here. Read it once more, write the findings, then hand it in for review.")
        case State.COMPLETE:
            return _("Everything is here. {lead} hands it in for review next.", **names)
        case State.IN_REVIEW if its_reviewer(person, visit):
            return _("Compare what was seen with the photos. Then approve the visit, or return it and say why.")
        case State.IN_REVIEW:
            return _("Submitted. Another curator of the municipality or a programme manager reviews it.")
    return ""


def next_step_of(finding: Finding, person: Person) -> str:
    """The same for a finding."""
    due = day(working_days_after(finding.shared_at, ANSWER_DAYS)) if finding.shared_at else ""
    match finding.state:
        case FindingState.DRAFT if leads_its_visit(person, finding):
            return _("Share it with the organisation when the visit is sent, or withdraw it.")
        case FindingState.SHARED if its_grantee(person, finding):
            return _("Answer until {day}; after that it continues without your answer.", day=due)
        case FindingState.SHARED:
            return _("The organisation answers until {day}.", day=due)
        case FindingState.RESPONDED if reviews_its_visit(person, finding):
            return _("Weigh the answer, then make the finding final. Grave ones need a photo and a recommendation.")
        case FindingState.RESPONDED:
            return _("A curator or programme manager who was not on the visit makes it final.")
        case FindingState.FINAL if reviews_its_visit(person, finding):
            return _("Close it when what it asks for is settled.")
    return ""


def missed(visit: Visit) -> bool:
    ahead = visit.state in State.in_set("ahead")
    return ahead and visit.planned_to is not None and visit.planned_to + timedelta(days=GRACE) < today()


def weeks(visits: list[Any]) -> list[tuple[str, list[Any]]]:
    """Visits under the week they fall in, counted from today: those behind first, because they are late."""
    monday = today() - timedelta(days=today().weekday())
    groups: dict[str, list[Row]] = {}
    for visit in visits:
        groups.setdefault(_week(visit, monday), []).append(visit)
    return list(groups.items())


def _week(visit: Row, monday: date) -> str:
    if visit["state"] not in State.in_set("ahead"):
        return _("Begun")
    start = visit["planned_from"]
    if start is None:
        return _("Without a day")
    if visit["planned_to"] and visit["planned_to"] < today():
        return _("Days have passed")
    if start < monday + timedelta(days=7):
        return _("This week")
    if start < monday + timedelta(days=14):
        return _("Next week")
    return _("Later")
