"""What a visit asks, by version: a version never changes, old ones stay accepted, and keys are never used again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foundation.language import N_
from foundation.language import gettext as _
from monitoring.visits.points import Point
from monitoring.visits.tables import Visit
from monitoring.visits.whereabouts import doubts_of


@dataclass(frozen=True)
class Question:
    """`key` is for ever. `options` are (code, word); without them the answer is text in a column of the visit."""

    key: str
    words: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class Checklist:
    version: int
    questions: tuple[Question, ...]

    def question(self, key: str) -> Question:
        return next(question for question in self.questions if question.key == key)


YES_PARTLY_NO = (("yes", N_("Yes")), ("partly", N_("Partly")), ("no", N_("No")))

FIRST = Checklist(
    1,
    (
        Question(
            "on_track",
            N_("Do the activities go according to plan?"),
            options=YES_PARTLY_NO,
            missing=N_("Say whether the activities go according to plan."),
        ),
        Question(
            "participants",
            N_("How many participants were there?"),
            N_("Write 0 where there were none."),
        ),
        Question(
            "notes",
            N_("What did you see?"),
            N_("Briefly, in your own words. What has changed since the last visit?"),
            missing=N_("Write what you saw."),
        ),
        Question(
            "eu_visibility",
            N_("Is the support of the European Union visible?"),
            N_("On signs, posters, publications and pages."),
            YES_PARTLY_NO,
            N_("Say whether the support of the European Union is visible."),
        ),
        Question(
            "documents_seen",
            N_("Did you see the documents?"),
            N_("Attendance lists, contracts, invoices: those of the period."),
            YES_PARTLY_NO,
            N_("Say whether you saw the documents."),
        ),
    ),
)
VERSIONS = {FIRST.version: FIRST}
NEWEST = FIRST

# How an earlier recommendation stands, seen on the spot.
POINT_OPTIONS = (
    ("done", N_("Done")),
    ("partly", N_("Partly done")),
    ("no", N_("Not done")),
    ("unseen", N_("Could not be seen")),
)


def missing_answers(visit: Visit, points: list[Point]) -> dict[str, str]:
    """Field → sentence for all that a complete visit still lacks, photos apart."""
    answers: Any = visit.answers or {}
    said: dict[str, str] = {}
    if visit.visited_on is None:
        said["visited_on"] = _("Write the day of the visit.")
    for question in VERSIONS[visit.form_version].questions:
        if question.options and answers.get(question.key) not in dict(question.options):
            said[question.key] = _(question.missing)
        elif question.key == "participants":
            if visit.women is None:
                said["women"] = _("Count the women.")
            if visit.men is None:
                said["men"] = _("Count the men.")
        elif question.key == "notes" and not (visit.notes or "").strip():
            said["notes"] = _(question.missing)
    answered: dict[str, Any] = answers.get("points") or {}
    for point in points:
        if (answered.get(str(point.id)) or {}).get("answer") not in dict(POINT_OPTIONS):
            said[f"points.{point.id}.answer"] = _(
                "Say whether “{recommendation}” has been done.", recommendation=point.short
            )
    if not (visit.place or "").strip():
        said["place"] = _("Write the village or the address.")
    if visit.latitude is None and not (visit.no_position_reason or "").strip():
        said["no_position_reason"] = _("Give the position, or write why there is none.")
    if not visit.place_sure and (doubts := doubts_of(visit)):
        said["place_sure"] = _("{doubts} Correct it, or say that it is right.", doubts=" ".join(doubts))
    return said
