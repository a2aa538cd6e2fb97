"""Invented calls, applications and grants around the day of loading, so that every state can be seen."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from entrypoints.example.grants import grant
from entrypoints.example.marks import Marks
from entrypoints.example.papers import document, kept
from entrypoints.example.people import RIVERS, Example
from entrypoints.example.plans import ENDED_EARLY, PLANS
from entrypoints.example.values import more_indicators
from entrypoints.example.words import CRITERIA, DOCUMENTS, ELIGIBILITY, INDICATORS, PROJECTS, SECTIONS
from foundation import clock
from foundation.database import execute, get, insert, update, value
from grants.applications.content import gather
from grants.applications.tables import Answer, Application, Attachment, BudgetLine, Clarification, EligibilityCheck
from grants.calls.tables import Call, Criterion, EligibilityCriterion, Question, RequiredDocument, Section
from grants.reviews.tables import Decision, MeetingMinutes, Review, Score
from monitoring.indicators.tables import Indicator

SLUG = {code: slug for code, _, _, slug, _ in RIVERS}
# what each application of the call being evaluated has come to
IN_EVALUATION = {
    "EX-01": "scored",
    "EX-02": "in_review",
    "EX-03": "admin_check",
    "EX-04": "clarification",
    "EX-05": "ineligible",
    "EX-06": "correction",
    "EX-07": "in_review",
    "EX-08": "scored",
    "EX-09": "submitted",
    "EX-10": "withdrawn",
    "EX-11": "recommended",
    "EX-12": "corrected",
}
IN_OPEN_CALL = {
    "EX-01": "draft",
    "EX-03": "awaiting_signoff",
    "EX-04": "submitted",
    "EX-07": "submitted",
    "EX-09": "draft",
}
# years from now in its reference, state, days from now until it opens and closes, title, envelope, most for one
CALLS = [
    (0, "completed", -300, -270, ("სუფთა და ღია მმართველობა", "Clean and open government"), "60000", "8000"),
    (0, "evaluating", -45, -12, ("ელექტრონული სერვისები ყველასთვის", "E-services for everybody"), "40000", "7000"),
    (0, "open", -14, 16, ("ანგარიშვალდებული მუნიციპალიტეტი", "An accountable municipality"), "45000", "7000"),
    (1, "scheduled", 20, 60, ("ახალგაზრდები და საკრებულო", "Young people and the council"), "20000", "3000"),
    (1, "in_approval", 40, 80, ("მწვანე ბიუჯეტი", "A green budget"), "15000", "3000"),
    (1, "draft", 90, 130, ("სოფლის კრება", ""), "15000", "3000"),
    (-1, "completed", -430, -400, ("ღია ბიუჯეტი", "An open budget"), "20000", "8000"),
]
REVIEWED = {"in_review", "scored", "correction", "corrected", "recommended", "approved", "reserve", "rejected"}
COMMENTS = [
    "საჭიროება კარგად არის აღწერილი, ბიუჯეტი ნაწილობრივ საჭიროებს დაზუსტებას.",
    "ცვლილება შემოწმებადია; სასურველია მეტი მონაწილეობა სოფლებიდან.",
]


@dataclass
class Parts:
    """A call with what belongs to it."""

    call: Call
    questions: list[Question]
    criteria: list[Criterion]
    eligibility: list[EligibilityCriterion]
    documents: list[RequiredDocument]


async def running_programme(example: Example, marks: Marks) -> None:
    now = clock.now()
    year = now.year
    counts = [await _indicator(example, marks, n, row) for n, row in enumerate(INDICATORS, 1)]
    indicators = [*counts, *await more_indicators(example, marks, len(counts))]
    calls = []
    in_year: Counter[int] = Counter()
    for later, state, opens, closes, title, envelope, most in CALLS:
        in_year[later] += 1
        reference = f"C-{year + later}-{in_year[later]}"
        opens_at, deadline = now + timedelta(days=opens), _evening(now + timedelta(days=closes))
        calls.append(await _call(example, marks, reference, state, opens_at, deadline, title, envelope, most))
    decided, evaluating, opened, *_, earlier = calls
    number = 100
    outcomes: list[tuple[Application, str]] = []
    cuts: dict[UUID, int] = {}
    for code in PROJECTS:
        number += 1
        state = "reserve" if code == "EX-12" else "approved"
        application = await _application(example, marks, decided, code, state, number, year)
        outcomes.append((application, "reserve" if state == "reserve" else "approve"))
        cuts[application.id] = PLANS[code].cut if code in PLANS else 0
    await _minutes(example, marks, decided, outcomes, now - timedelta(days=240), signed=True, cuts=cuts)
    for position, ((application, outcome), code) in enumerate(zip(outcomes, PROJECTS, strict=True), 1):
        if outcome == "approve":
            await grant(example, marks, application, code, PLANS[code], position, now, indicators)
    corrections: list[tuple[Application, str]] = []
    for code, state in IN_EVALUATION.items():
        number += 1
        application = await _application(example, marks, evaluating, code, state, number, year)
        if state in ("correction", "corrected", "recommended"):
            corrections.append((application, "approve" if state == "recommended" else "correction"))
    await _minutes(example, marks, evaluating, corrections, now - timedelta(days=1), signed=True)
    for code, state in IN_OPEN_CALL.items():
        number += 1
        await _application(example, marks, opened, code, state, number, year)
    pilots = []
    for code in ENDED_EARLY:
        number += 1
        pilots.append((await _application(example, marks, earlier, code, "approved", number, year), "approve"))
    await _minutes(example, marks, earlier, pilots, now - timedelta(days=370), signed=True)
    for position, ((application, _), code) in enumerate(zip(pilots, ENDED_EARLY, strict=True), len(PROJECTS)):
        await grant(example, marks, application, code, ENDED_EARLY[code], position, now, indicators)


async def _indicator(example: Example, marks: Marks, position: int, row: tuple[Any, ...]) -> Indicator:
    code, ka, en, unit_ka, unit_en, kind, people, target, definition_ka, definition_en = row
    indicator = await insert(
        Indicator,
        programme_id=example.programme.id,
        code=code,
        position=position,
        name_ka=ka,
        name_en=en,
        definition_ka=definition_ka,
        definition_en=definition_en,
        unit_ka=unit_ka,
        unit_en=unit_en,
        kind=kind,
        time_rule="sum",
        place_rule="sum",
        people=people,
        baseline=Decimal(0),
        target=Decimal(target),
    )
    marks.invented(indicator, "target", "baseline")
    return indicator


async def _call(
    example: Example,
    marks: Marks,
    reference: str,
    state: str,
    opens: datetime,
    deadline: datetime,
    title: tuple[str, str],
    envelope: str,
    most: str,
) -> Parts:
    people = example.people
    past = state in ("open", "evaluating", "completed")
    call = await insert(
        Call,
        programme_id=example.programme.id,
        reference=reference,
        state=state,
        title_ka=title[0],
        title_en=title[1] or None,
        summary_ka="მცირე გრანტები სამოქალაქო ორგანიზაციებისთვის რვა მუნიციპალიტეტში. ეს კონკურსი გამოგონილია და მხოლოდ საჩვენებლად არსებობს.",
        summary_en="Small grants for civil society organisations in eight municipalities. This call is invented, for show only."
        if title[1]
        else None,
        text_ka="ვაფინანსებთ მცირე პროექტებს, რომლებიც მერიისა და საკრებულოს მუშაობას უფრო ღიას, ანგარიშვალდებულსა და მოსახერხებელს ხდის.",
        text_en="We fund small projects that make the work of the City Hall and the council more open, accountable and convenient.",
        eligibility_ka="რვა მუნიციპალიტეტში რეგისტრირებული არასამეწარმეო იურიდიული პირები.",
        eligibility_en="Non-commercial legal entities registered in the eight municipalities.",
        currency="EUR",
        envelope=Decimal(envelope),
        min_award=Decimal("1000"),
        max_award=Decimal(most),
        opens_at=opens,
        deadline=deadline,
        decision_due=(deadline + timedelta(days=45)).date(),
        created_by=people["curator"].id,
        approved_by=people["manager"].id if past or state == "scheduled" else None,
        opened_at=opens if past else None,
        closed_at=deadline if state in ("evaluating", "completed") else None,
        decided_at=deadline + timedelta(days=30) if state == "completed" else None,
    )
    marks.invented(call, "title_ka", "title_en", "envelope", "min_award", "max_award", "opens_at", "deadline")
    for place in example.places.values():
        await execute("INSERT INTO call_municipality VALUES ($1, $2)", call.id, place.id)
    questions = []
    for position, ((ka, en), asked) in enumerate(SECTIONS, 1):
        section = await insert(Section, call_id=call.id, position=position, title_ka=ka, title_en=en)
        for order, (kind, label_ka, label_en, help_ka, help_en, words) in enumerate(asked, 1):
            questions.append(
                await insert(
                    Question,
                    call_id=call.id,
                    section_id=section.id,
                    position=position * 10 + order,
                    kind=kind,
                    label_ka=label_ka,
                    label_en=label_en,
                    help_ka=help_ka,
                    help_en=help_en,
                    word_guide=words,
                    options=[],
                )
            )
    criteria = [
        await insert(
            Criterion,
            call_id=call.id,
            position=n,
            title_ka=ka,
            title_en=en,
            help_ka=help_ka,
            help_en=help_en,
            max_points=points,
            weight=Decimal(weight),
        )
        for n, (ka, en, help_ka, help_en, points, weight) in enumerate(CRITERIA, 1)
    ]
    documents = [
        await insert(RequiredDocument, call_id=call.id, position=n, title_ka=ka, title_en=en, required=required)
        for n, (ka, en, required) in enumerate(DOCUMENTS, 1)
    ]
    eligibility = [
        await insert(EligibilityCriterion, call_id=call.id, position=n, title_ka=ka, title_en=en)
        for n, (ka, en) in enumerate(ELIGIBILITY, 1)
    ]
    marks.happened(opens - timedelta(days=20), "call.created", people["curator"], call)
    if past or state != "draft":
        marks.happened(opens - timedelta(days=15), "call.sent_for_approval", people["curator"], call)
    if past or state == "scheduled":
        marks.happened(opens - timedelta(days=12), "call.scheduled", people["manager"], call)
    if past:
        marks.happened(opens, "call.opened", people["system"], call)
    if state in ("evaluating", "completed"):
        marks.happened(deadline, "call.closed", people["system"], call)
        marks.happened(deadline + timedelta(days=2), "call.evaluation_started", people["manager"], call)
    if state == "completed":
        marks.happened(deadline + timedelta(days=30), "call.decided", people["chair"], call)
        marks.happened(deadline + timedelta(days=60), "call.completed", people["system"], call)
    return Parts(call, questions, criteria, eligibility, documents)


SECOND = (" – მეორე ეტაპი", ", second stage")
STAGES = {"evaluating": SECOND, "open": SECOND}
ANSWERS = {
    "long_text": "საჩვენებელი პასუხი. სოფლებში ხალხმა არ იცის, როდის იკრიბება საკრებულო და რაზე იხარჯება ბიუჯეტი; "
    "შეხვედრებზე ეს საკითხი ყოველთვის ისმის. პროექტი ამას ცვლის ნაბიჯ-ნაბიჯ, მერიასთან შეთანხმებული გეგმით.",
    "number": "180",
    "yes_no": "yes",
}


async def _application(
    example: Example, marks: Marks, parts: Parts, code: str, state: str, number: int, year: int
) -> Application:
    call, place = parts.call, example.places[SLUG[code]]
    title_ka, title_en, summary_ka, summary_en, asked = PROJECTS[code]
    signatory = example.people["signatory" if code == "EX-01" else f"signatory.{code.lower()}"]
    editor = example.people["editor"] if code == "EX-01" else signatory
    curator = example.curator_of(SLUG[code])
    sent = state not in ("draft", "awaiting_signoff")
    submitted = min(call.deadline - timedelta(hours=20 + number % 40), clock.now() - timedelta(days=1))
    requested = Decimal(asked)
    stage_ka, stage_en = STAGES.get(call.state, ("", ""))
    if call.deadline < clock.now() - timedelta(days=365):
        stage_ka, stage_en = " – საცდელი ეტაპი", ", pilot"
    application = await insert(
        Application,
        number=f"A-{year}-{number:04d}",
        call_id=call.id,
        organisation_id=example.organisations[code].id,
        municipality_id=place.id,
        currency="EUR",
        state="draft",
        title_ka=title_ka + stage_ka,
        title_en=title_en + stage_en,
        summary_ka=summary_ka,
        summary_en=summary_en,
        requested=requested,
        own_contribution=Decimal(300),
        starts_on=(call.deadline + timedelta(days=55)).date(),
        ends_on=(call.deadline + timedelta(days=250)).date(),
        declared=sent,
        created_by=editor.id,
    )
    marks.invented(application, "title_ka", "title_en", "summary_ka", "summary_en", "requested", "submitted_at")
    half = state == "draft"
    for question in parts.questions[: 3 if half else None]:
        await insert(
            Answer,
            application_id=application.id,
            question_id=question.id,
            value=ANSWERS[question.kind],
            updated_by=editor.id,
        )
    people_cost = (requested * Decimal("0.5")).quantize(Decimal("1"))
    events = (requested * Decimal("0.3")).quantize(Decimal("1"))
    lines = [
        ("people", "კოორდინატორი, 6 თვე", Decimal(1), people_cost, Decimal(0)),
        ("events", "საჯარო შეხვედრები", Decimal(1), events + 300, Decimal(300)),
        ("publications", "დაბეჭდილი და ელექტრონული მასალა", Decimal(1), requested - people_cost - events, Decimal(0)),
    ]
    for position, (category, item, quantity, cost, own) in enumerate(lines, 1):
        await insert(
            BudgetLine,
            application_id=application.id,
            position=position,
            category=category,
            item=item,
            unit="ერთეული",
            quantity=quantity,
            unit_cost=cost,
            amount=cost * quantity,
            own_share=own,
        )
    # the one that was turned away lacked its extract, and the half draft has nothing yet
    for paper in [] if half or state == "ineligible" else parts.documents[:1]:
        upload = await kept(example, document(f"{paper.title_ka} / {paper.title_en}"), "registry-extract.pdf", editor)
        await insert(Attachment, application_id=application.id, document_id=paper.id, upload_id=upload.id)
    begun = call.opens_at + timedelta(days=2)
    marks.happened(begun, "application.started", editor, application)
    if not sent:
        if state == "awaiting_signoff":
            await update(application, state=state)
            marks.happened(clock.now() - timedelta(hours=30), "application.handed_over", editor, application)
        return application
    body = await gather(application)
    text = await value("SELECT $1::jsonb::text", json.dumps(body, ensure_ascii=False))
    await execute("ALTER TABLE application DISABLE TRIGGER USER")
    extra: dict[str, Any] = {}
    if state == "ineligible":
        extra = {
            "ineligible_proposed_by": curator.id,
            "ineligible_confirmed_by": example.people["manager"].id,
            "ineligible_reason": "რეგისტრაციის ამონაწერი არ ერთვის.",
        }
    await update(
        application,
        state=state,
        body=body,
        body_sha256=hashlib.sha256(text.encode()).digest(),
        submitted_at=submitted,
        submitted_by=signatory.id,
        checked_by=curator.id if state not in ("submitted", "withdrawn") else None,
        **extra,
    )
    await execute("ALTER TABLE application ENABLE TRIGGER USER")
    marks.happened(submitted, "application.submitted", signatory, application, **{"from": "draft", "to": "submitted"})
    await _checked(example, marks, parts, application, state, curator, signatory)
    if state in REVIEWED:
        await _reviews(example, marks, parts, application, state, number)
    fresh = await get(Application, application.id)
    assert fresh is not None
    return fresh


async def _checked(example, marks, parts, application, state, curator, signatory) -> None:
    call = parts.call
    if state == "withdrawn":
        marks.happened(call.deadline - timedelta(hours=3), "application.withdrawn", signatory, application)
    if state in ("submitted", "withdrawn"):
        return
    begun = call.deadline + timedelta(days=1, hours=2)
    marks.happened(begun, "application.check_begun", curator, application)
    for n, criterion in enumerate(parts.eligibility):
        waits = state == "admin_check" and n == 2
        passed = None if waits else not (state == "ineligible" and n == 0)
        await insert(
            EligibilityCheck,
            application_id=application.id,
            criterion_id=criterion.id,
            passed=passed,
            checked_by=curator.id,
            checked_at=begun,
            note="ამონაწერი არ ერთვის." if passed is False else None,
        )
    if state == "ineligible":
        marks.happened(
            begun + timedelta(days=2),
            "application.found_ineligible",
            example.people["manager"],
            application,
            reason="რეგისტრაციის ამონაწერი არ ერთვის.",
        )
    if state in ("clarification", "correction", "corrected"):
        kind = "clarification" if state == "clarification" else "correction"
        asked = clock.now() - timedelta(days=2)
        await insert(
            Clarification,
            application_id=application.id,
            kind=kind,
            asked_at=asked,
            due_on=(asked + timedelta(days=7)).date(),
            asked_by=curator.id if kind == "clarification" else example.people["chair"].id,
            question="დააზუსტეთ, რომელი თვეში რომელი შეხვედრა გაიმართება და ვინ უძღვება მას.",
            section_ids=[parts.questions[2].section_id],
            **(
                {
                    "reply": "გეგმა თვეების მიხედვით დავაზუსტეთ.",
                    "replied_by": signatory.id,
                    "replied_at": asked + timedelta(days=1),
                    "changes": [],
                }
                if state == "corrected"
                else {}
            ),
        )
        event = "application.clarification_asked" if kind == "clarification" else "application.correction_asked"
        marks.happened(asked, event, curator if kind == "clarification" else example.people["chair"], application)
        if state == "corrected":
            marks.happened(asked + timedelta(days=1), "application.corrected", signatory, application)
    if state in REVIEWED:
        marks.happened(begun + timedelta(days=4), "application.review_started", example.people["manager"], application)


async def _reviews(
    example: Example, marks: Marks, parts: Parts, application: Application, state: str, number: int
) -> None:
    call = parts.call
    most = sum((criterion.max_points * criterion.weight for criterion in parts.criteria), Decimal(0))
    for order, name in enumerate(("reviewer", "reviewer2")):
        reviewer = example.people[name]
        locked = state != "in_review" or (order == 0 and number % 2 == 1)
        declared = state != "in_review" or order == 0
        locked_at = min(call.deadline + timedelta(days=9 + order), clock.now() - timedelta(hours=30))
        points = [Decimal(2 + (number * (n + 2) + order * 3) % 4) for n in range(len(parts.criteria))]
        total = sum((p * c.weight for p, c in zip(points, parts.criteria, strict=True)), Decimal(0)) * 100 / most
        facts: dict[str, Any] = {"state": "invited"}
        if declared:
            facts = {"state": "drafting", "conflict": False, "declared_at": locked_at - timedelta(days=2)}
        if locked:
            facts |= {
                "state": "locked",
                "locked_at": locked_at,
                "total": total.quantize(Decimal("0.001")),
                "comment": COMMENTS[order],
            }
        review = await insert(
            Review,
            application_id=application.id,
            call_id=call.id,
            reviewer_id=reviewer.id,
            assigned_by=example.people["manager"].id,
            due_on=(call.deadline + timedelta(days=14)).date(),
            **facts,
        )
        if locked:
            marks.invented(review, "total", "comment")
            marks.happened(locked_at, "review.locked", reviewer, review)
            for point, criterion in zip(points, parts.criteria, strict=True):
                await insert(
                    Score,
                    review_id=review.id,
                    call_id=call.id,
                    criterion_id=criterion.id,
                    points=point,
                    comment="საჩვენებელი შენიშვნა: დასაბუთება საკმარისია.",
                )
    if state != "in_review":
        marks.happened(call.deadline + timedelta(days=11), "application.scored", example.people["system"], application)


async def _minutes(
    example: Example, marks: Marks, parts: Parts, outcomes: list[tuple[Application, str]], at: datetime, signed: bool,
    cuts: dict[UUID, int] | None = None,
) -> None:  # fmt: skip
    chair, call = example.people["chair"], parts.call
    facts: dict[str, Any] = {}
    if signed:
        facts = {
            "state": "signed",
            "signed_by": chair.id,
            "signed_at": at,
            "body": {"example": True},
            "body_sha256": bytes(31) + b"1",
        }
    minutes = await insert(
        MeetingMinutes,
        call_id=call.id,
        number=1,
        held_on=at.date(),
        opened_by=chair.id,
        present="კომისიის ხუთი წევრი",
        text="საჩვენებელი ოქმი: კომისიამ განიხილა განაცხადები ქულების მიხედვით.",
        **facts,
    )
    events = {
        "approve": "application.recommended",
        "reserve": "application.reserved",
        "correction": "application.correction_asked",
    }
    for rank, (application, outcome) in enumerate(outcomes, 1):
        decision = await insert(
            Decision,
            minutes_id=minutes.id,
            call_id=call.id,
            application_id=application.id,
            outcome=outcome,
            rank=rank,
            amount=application.requested - (cuts or {}).get(application.id, 0),
            reason="საჭიროება დასაბუთებულია და ცვლილება შემოწმებადია.",
            decided_by=chair.id,
            decided_at=at,
        )
        marks.invented(decision, "amount", "rank", "reason")
        if outcome != "correction":
            marks.happened(at, events[outcome], chair, application)


def _evening(at: datetime) -> datetime:
    """18:00 in Tbilisi, as deadlines usually are."""
    return at.replace(hour=14, minute=0, second=0, microsecond=0)
