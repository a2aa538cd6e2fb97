"""Calls with everything an applicant, a reviewer or a checker needs, put straight into a state."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal

from foundation.clock import now, today
from foundation.database import execute, insert, one_of
from grants.calls.queries import COLUMNS
from grants.calls.tables import Call, Criterion, EligibilityCriterion, Question, RequiredDocument, Section
from tests.importing import importing

_numbers = itertools.count(1)
# state → (days until opening, days until the deadline)
WHEN = {
    "draft": (7, 37),
    "in_approval": (7, 37),
    "scheduled": (7, 37),
    "open": (-10, 20),
    "suspended": (-10, 20),
    "closed": (-40, -1),
    "evaluating": (-50, -10),
    "decided": (-90, -40),
    "completed": (-200, -150),
    "cancelled": (-10, 20),
}
SECTIONS = [
    ("პროექტი", "Project", [
        ("long_text", "რა პრობლემას წყვეტთ?", "What problem do you solve?"),
        ("long_text", "რას გააკეთებთ?", "What will you do?"),
    ]),
    ("ხალხი", "People", [
        ("number", "რამდენ ადამიანს შეეხება?", "How many people will it reach?"),
        ("yes_no", "გყავთ მოხალისეები?", "Do you have volunteers?"),
    ]),
    ("ორგანიზაცია", "Organisation", [
        ("choice", "რამდენი წელია მუშაობთ?", "How long have you worked?"),
        ("text", "ვინ უხელმძღვანელებს?", "Who will lead it?"),
    ]),
]  # fmt: skip
CRITERIA = [
    ("საჭიროება", "Need", 20, "40"),
    ("ხარისხი", "Quality", 20, "40"),
    ("ბიუჯეტი", "Budget", 10, "20"),
]
DOCUMENTS = [("წესდება", "Statute", True), ("ამონაწერი რეესტრიდან", "Extract from the register", True)]
ELIGIBILITY = [
    ("ორგანიზაცია რეგისტრირებულია", "The organisation is registered"),
    ("მუნიციპალიტეტი კონკურსის არეალშია", "The municipality is in the area of the call"),
    ("სავალდებულო დოკუმენტები წარმოდგენილია", "The required documents are there"),
]
OPTIONS = [
    {"value": "new", "ka": "ორ წლამდე", "en": "Less than two years"},
    {"value": "old", "ka": "მეტი", "en": "Longer"},
]


async def a_call(
    cast, state: str = "open", municipalities: list[str] | None = None, invited=(), parts: bool = True, **over
) -> Call:
    """A call by `curator`, approved by `manager`; `municipalities` are slugs (default all), `invited` organisations.
    The row carries `sections` (each with `questions`), `criteria`, `documents`, `eligibility`, `municipality_ids`."""
    opens, closes = (now() + timedelta(days=days) for days in WHEN[state])
    written = state in ("draft", "in_approval") or (state == "cancelled" and over.get("opened_at", 0) is None)
    n = next(_numbers)
    given = {
        "programme_id": cast.programme.id,
        "reference": f"C-TEST-{n}",
        "state": state,
        "title_ka": f"მცირე გრანტები {n}",
        "title_en": f"Small grants {n}",
        "summary_ka": "მცირე პროექტები ადგილობრივი თვითმმართველობისთვის.",
        "summary_en": "Small projects for local self-government.",
        "text_ka": "კონკურსის სრული ტექსტი.",
        "text_en": "The whole text of the call.",
        "eligibility_ka": "რვა მუნიციპალიტეტის ორგანიზაციები.",
        "eligibility_en": "Organisations of the eight municipalities.",
        "currency": "EUR",
        "envelope": Decimal("60000"),
        "min_award": Decimal("1000"),
        "max_award": Decimal("10000"),
        "opens_at": opens,
        "deadline": closes,
        "min_reviews": 2,
        "decision_due": today() + timedelta(days=60),
        "created_by": cast.curator.id,
        "submitted_by": None if state == "draft" else cast.curator.id,
        "approved_by": None if written else cast.manager.id,
        "opened_at": opens if opens < now() else None,
        "closed_at": closes if closes < now() else None,
        "decided_at": closes + timedelta(days=20) if state in ("decided", "completed") else None,
        "suspended_at": now() if state == "suspended" else None,
        "suspend_reason": "A mistake in the text." if state == "suspended" else None,
        "cancel_reason": "The donor withdrew." if state == "cancelled" else None,
        **over,
    }
    async with importing():
        call = await insert(Call, **given)
        for slug in municipalities if municipalities is not None else cast.places:
            await execute("INSERT INTO call_municipality VALUES ($1, $2)", call.id, cast.places[slug].id)
        for organisation in invited:
            await execute("INSERT INTO call_invitation VALUES ($1, $2)", call.id, organisation.id)
        call = await one_of(Call, f"SELECT {COLUMNS} FROM call c WHERE c.id = $1", call.id)
        call.sections, call.criteria, call.documents, call.eligibility = [], [], [], []
        if parts:
            await _parts(call)
    return call


async def _parts(call: Call) -> None:
    for position, (ka, en, questions) in enumerate(SECTIONS, 1):
        section = await insert(Section, call_id=call.id, position=position, title_ka=ka, title_en=en)
        section.questions = [
            await insert(
                Question,
                call_id=call.id,
                section_id=section.id,
                position=place,
                kind=kind,
                label_ka=label_ka,
                label_en=label_en,
                word_guide=200 if kind == "long_text" else None,
                options=OPTIONS if kind == "choice" else [],
            )
            for place, (kind, label_ka, label_en) in enumerate(questions, 1)
        ]
        call.sections.append(section)
    for position, (ka, en, points, weight) in enumerate(CRITERIA, 1):
        row = {"title_ka": ka, "title_en": en, "max_points": points, "weight": Decimal(weight)}
        call.criteria.append(await insert(Criterion, call_id=call.id, position=position, **row))
    for position, (ka, en, required) in enumerate(DOCUMENTS, 1):
        row = {"title_ka": ka, "title_en": en, "required": required}
        call.documents.append(await insert(RequiredDocument, call_id=call.id, position=position, **row))
    for position, (ka, en) in enumerate(ELIGIBILITY, 1):
        row = {"title_ka": ka, "title_en": en}
        call.eligibility.append(await insert(EligibilityCriterion, call_id=call.id, position=position, **row))
