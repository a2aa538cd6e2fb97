"""The kinds of question a call may ask, and the parts it is made of."""

from __future__ import annotations

from enum import StrEnum

from piccolo.table import Table

from foundation.language import N_, labels
from grants.calls.tables import Criterion, EligibilityCriterion, Question, RequiredDocument, Section


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


labels(
    Kind,
    {
        Kind.TEXT: N_("one line of text"),
        Kind.LONG_TEXT: N_("several sentences"),
        Kind.NUMBER: N_("a number"),
        Kind.MONEY: N_("an amount of money"),
        Kind.DATE: N_("a date"),
        Kind.CHOICE: N_("one of several answers"),
        Kind.YES_NO: N_("yes or no"),
    },
)


class Part(StrEnum):
    """Keyed as in the address."""

    SECTIONS = "sections"
    QUESTIONS = "questions"
    CRITERIA = "criteria"
    DOCUMENTS = "documents"
    ELIGIBILITY = "eligibility"


labels(
    Part,
    {
        Part.SECTIONS: N_("Sections"),
        Part.QUESTIONS: N_("Questions"),
        Part.CRITERIA: N_("Award criteria"),
        Part.DOCUMENTS: N_("Required documents"),
        Part.ELIGIBILITY: N_("Eligibility criteria"),
    },
)

TABLES: dict[Part, type[Table]] = {
    Part.SECTIONS: Section,
    Part.QUESTIONS: Question,
    Part.CRITERIA: Criterion,
    Part.DOCUMENTS: RequiredDocument,
    Part.ELIGIBILITY: EligibilityCriterion,
}
