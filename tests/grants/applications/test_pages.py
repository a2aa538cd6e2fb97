"""The pages, as an organisation and as staff walk through them without scripts."""

import re

import pytest

from foundation.database import DB, value
from grants.applications.lifecycle import State
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.uploads import a_pdf


def seen(page) -> str:
    return re.search(r'name="seen" value="([^"]*)"', page.text)[1]


async def test_an_organisation_writes_and_sends_an_application(cast, client):
    call = await a_call(cast)
    await client.sign_in(cast.signatory)
    started = await client.send_form(f"/ka/calls/{call.reference}/applications")
    assert started.status_code == 303
    home = started.headers["location"]
    assert re.fullmatch(r"/ka/applications/A-\d{4}-\d{4,}", home)
    again = await client.send_form(f"/ka/calls/{call.reference}/applications")
    assert again.headers["location"] == home
    tasks = await client.get(home)
    assert tasks.status_code == 200 and "ჯერ არ არის გაგზავნილი" in tasks.text

    about = {
        "title_ka": "ახალგაზრდული ცენტრი", "summary_ka": "ადგილი შეხვედრებისთვის", "language": "ka",
        "municipality_id": str(cast.vani.id), "starts_on": "01.03.2027", "ends_on": "2027-09-30", "then": "next",
    }  # fmt: skip
    answer = await client.send_form(f"{home}/about", about)
    assert answer.status_code == 303, answer.text
    for section in call.sections:
        page = await client.get(f"{home}/sections/{section.id}")
        assert page.status_code == 200
        typed = {
            str(q.id): {"number": "120", "yes_no": "yes", "choice": "new"}.get(q.kind, "პასუხი")
            for q in section.questions
        }
        answer = await client.send_form(f"{home}/sections/{section.id}", {**typed, "seen": seen(page), "then": "next"})
        assert answer.status_code == 303, answer.text
    row = {"item": "კოორდინატორი", "category": "people", "quantity": "6", "unit_cost": "500,50", "own_share": "3"}
    budget = await client.send_form(
        f"{home}/budget", {**{f"lines.0.{name}": typed for name, typed in row.items()}, "then": "next"}
    )
    assert budget.status_code == 303, budget.text
    for document in call.documents:
        attached = await client.send_form(
            f"{home}/documents",
            {"document_id": str(document.id)},
            files={"file": ("წესდება.pdf", a_pdf(), "application/pdf")},
        )
        assert attached.status_code == 303, attached.text
    unsigned = await client.send_form(f"{home}/submission")
    assert unsigned.status_code == 422 and f"{home}/declaration#f-declared" in unsigned.text
    assert (await client.send_form(f"{home}/declaration", {"declared": "true", "then": "next"})).status_code == 303
    checked = await client.get(f"{home}/check")
    assert checked.status_code == 200 and f"{home}/submission" in checked.text
    sent = await client.send_form(f"{home}/submission")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{home}/receipt")
    receipt = await client.get(f"{home}/receipt")
    number = home.rsplit("/", 1)[1]
    fingerprint = await value("SELECT encode(body_sha256, 'hex') FROM application WHERE number = $1", number)
    assert fingerprint in receipt.text and number in receipt.text
    assert await value("SELECT requested FROM application WHERE number = $1", number) == 3000
    on_paper = await client.get(f"{home}/receipt.pdf")
    assert on_paper.status_code == 200 and on_paper.content.startswith(b"%PDF")
    assert (await client.get(home)).status_code == 200
