"""Applications of the cast's organisations, complete and put straight into a state."""

from __future__ import annotations

import hashlib
import itertools
import json
from datetime import timedelta
from decimal import Decimal

from foundation.clock import now, today
from foundation.database import all_of, get, insert, update, value
from grants.applications.content import gather
from grants.applications.lifecycle import State
from grants.applications.tables import Answer, Application, BudgetLine
from grants.calls.tables import Call, Question
from tests.builders.calls import a_call
from tests.importing import importing

_numbers = itertools.count(1)
# what the call has come to while an application is in this state
CALL_STATE = {
    "draft": "open", "awaiting_signoff": "open", "submitted": "open", "expired": "closed", "withdrawn": "open",
    "admin_check": "closed", "clarification": "closed", "ineligible": "closed",
    "closed_by_cancellation": "cancelled", "approved": "decided", "rejected": "decided", "reserve": "decided",
}  # fmt: skip
ANSWERS = {
    "text": "პროექტის ხელმძღვანელი",
    "long_text": "სოფელში ახალგაზრდებს შეხვედრის ადგილი არ აქვთ; მოვაწყობთ ცენტრს და შეხვედრებს ბიუჯეტზე.",
    "number": "120",
    "money": "1500.50",
    "date": "2026-11-20",
    "yes_no": "yes",
}


async def an_application(
    cast, call: Call | None = None, state: str = "submitted", organisation=None, complete: bool = True, **over
) -> Application:
    """By Vani Youth in Vani unless `organisation` says otherwise: every question answered, two budget lines (4 000
    asked, 500 own), no documents. `complete=False` leaves a draft empty. The row carries `call`."""
    call = call or await a_call(cast, CALL_STATE.get(state, "evaluating"))
    organisation = organisation or cast.vani_youth
    editor, signatory = _people(cast, organisation)
    n = next(_numbers)
    sent = State(state) not in State.in_set("unsent") and state not in ("expired", "closed_by_cancellation")
    checked = sent and state not in ("submitted", "withdrawn")
    curator = cast.curator if cast.curator.curates(organisation.municipality_id) else cast.curator2
    given = {
        "number": f"A-TEST-{n:04}", "call_id": call.id, "organisation_id": organisation.id, "currency": call.currency,
        "municipality_id": organisation.municipality_id, "created_by": editor.id,
        **({
            "title_ka": f"ახალგაზრდული ცენტრი {n}", "title_en": f"Youth centre {n}",
            "summary_ka": "ადგილი, სადაც ახალგაზრდები ბიუჯეტზე იმსჯელებენ.",
            "summary_en": "A place where young people discuss the budget.",
            "requested": Decimal("4000"), "own_contribution": Decimal("500"),
            "starts_on": today() + timedelta(days=90), "ends_on": today() + timedelta(days=270), "declared": sent,
        } if complete else {}),
        **({"checked_by": curator.id} if checked else {}),
        **({
            "ineligible_proposed_by": curator.id, "ineligible_confirmed_by": cast.manager.id,
            "ineligible_reason": "The organisation is not registered.",
        } if state == "ineligible" else {}),
        **over,
    }  # fmt: skip
    if sent:
        given |= {"body": {}, "body_sha256": bytes(32), "submitted_by": signatory.id}
        given.setdefault("submitted_at", min(now(), call.deadline - timedelta(hours=1)))
    async with importing():
        application = await insert(Application, state=state, **given)
        if complete:
            await _answer(application, call, editor)
            await _budget(application)
        if sent and "body" not in over:
            await _freeze(application)
    fresh = await get(Application, application.id)
    fresh.call = call
    return fresh


async def _freeze(application: Application) -> None:
    body = await gather(application)
    text = await value("SELECT $1::jsonb::text", json.dumps(body, ensure_ascii=False))
    await update(application, body=body, body_sha256=hashlib.sha256(text.encode()).digest())


def _people(cast, organisation):
    if organisation.id == cast.vani_youth.id:
        return cast.editor, cast.signatory
    return cast.other_editor, cast.other_signatory


async def _answer(application: Application, call: Call, editor) -> None:
    questions = await all_of(Question, "SELECT * FROM question WHERE call_id = $1 ORDER BY position, id", call.id)
    for question in questions:
        typed = question.options[0]["value"] if question.kind == "choice" else ANSWERS[question.kind]
        await insert(Answer, application_id=application.id, question_id=question.id, value=typed, updated_by=editor.id)


async def _budget(application: Application) -> None:
    lines = [
        ("people", "კოორდინატორი", "თვე", Decimal(6), Decimal(500), Decimal(3000), Decimal(500)),
        ("equipment", "პროექტორი", "ცალი", Decimal(1), Decimal(1500), Decimal(1500), Decimal(0)),
    ]
    for position, (category, item, unit, quantity, cost, amount, own) in enumerate(lines, 1):
        await insert(
            BudgetLine, application_id=application.id, position=position, category=category, item=item, unit=unit,
            quantity=quantity, unit_cost=cost, amount=amount, own_share=own,
        )  # fmt: skip
