"""Every step of a payment, by the page and by the API: the state, who did it, and what it leaves behind."""

import pytest

from foundation.clock import today
from foundation.database import get, rows, value
from grants.disbursements.tables import Tranche
from tests.builders.awards import a_tranche, an_award
from tests.importing import importing
from tests.surfaces import by_page_and_api, last_event, take

TODAY = str(today())
REASON = {"reason": "Something is wrong"}
STEPS = [
    ("due", "request", "signatory", {}, "requested", "tranche.requested"),
    ("requested", "request-return", "curator", REASON, "due", "tranche.request_returned"),
    ("requested", "certificate", "curator", {"certificate": "Seen"}, "certified", "tranche.certified"),
    ("certified", "approval", "finance", {}, "approved", "tranche.approved"),
    ("certified", "return", "finance", REASON, "due", "tranche.returned"),
    ("approved", "order", "finance", {"order_reference": "PO-1"}, "sent", "tranche.sent"),
    ("sent", "payment", "finance", {"bank_reference": "BR-1", "paid_on": TODAY}, "paid", "tranche.paid"),
    ("sent", "failure", "finance", REASON, "failed", "tranche.failed"),
    ("sent", "order-correction", "director", {"order_reference": "PO-9", "sent_on": TODAY} | REASON, "sent",
     "tranche.order_corrected"),
    ("failed", "retry", "finance", REASON, "due", "tranche.retried"),
    ("paid", "receipt", "signatory", {}, "confirmed", "tranche.confirmed"),
    ("paid", "reversal", "director", REASON, "sent", "tranche.payment_reversed"),
    ("paid", "recovery", "director", {"amount": "40.50"} | REASON, "recovery_due", "tranche.recovery_ordered"),
    ("confirmed", "recovery", "director", {"amount": "40.50"} | REASON, "recovery_due", "tranche.recovery_ordered"),
    ("recovery_due", "repayment", "finance", {"recovered_on": TODAY, "reference": "B-1"}, "recovered", "tranche.recovered"),
    ("recovery_due", "write-off", "director", REASON, "written_off", "tranche.written_off"),
]  # fmt: skip
# what the step wrote beside the state
LEFT = {
    "certificate": {"certificate": "Seen"},
    "order": {"order_reference": "PO-1"},
    "order-correction": {"order_reference": "PO-9", "sent_on": today()},
    "payment": {"bank_reference": "BR-1", "paid_on": today()},
    "repayment": {"recovered_on": today(), "recovery_reference": "B-1"},
    "reversal": {"bank_reference": None, "paid_on": None},
    "retry": {"order_reference": None, "approved_by": None},
}
POSTED = {"payment": "payment", "reversal": "reversal", "repayment": "recovery", "write-off": "write_off"}


@by_page_and_api
@pytest.mark.parametrize(("before", "noun", "who", "given", "after", "event"), STEPS)
async def test_a_step(surface, before, noun, who, given, after, event, cast, client):
    await taken(surface, await an_award(cast), before, noun, who, given, after, event, cast, client)


@by_page_and_api
@pytest.mark.parametrize(
    ("before", "noun", "given", "after", "event"),
    [
        ("approved", "authorisation", {}, "authorised", "tranche.authorised"),
        ("authorised", "revocation", REASON, "due", "tranche.authorisation_revoked"),
    ],
)
async def test_a_step_of_a_large_payment(surface, before, noun, given, after, event, cast, client):
    await taken(
        surface, await an_award(cast, amount=20000), before, noun, "director", given, after, event, cast, client
    )


async def taken(surface, award, before, noun, who, given, after, event, cast, client):
    tranche = await a_tranche(cast, state=before, award=award)
    path = f"/awards/{award.reference}/tranches/1/{noun}"
    posted = await value("SELECT count(*) FROM ledger_entry WHERE award_id = $1", award.id)
    await client.sign_in(cast.people[who])
    await take(client, surface, path, given | {"revision": str(tranche.revision)} if surface == "page" else given)
    fresh = await get(Tranche, tranche.id)
    assert (fresh.state, await last_event(tranche.id)) == (after, (event, cast.people[who].id))
    assert {name: getattr(fresh, name) for name in LEFT.get(noun, {})} == LEFT.get(noun, {})
    kinds = await rows("SELECT kind FROM ledger_entry WHERE award_id = $1", award.id)
    assert len(kinds) == posted + (noun in POSTED)
    assert POSTED.get(noun, "commitment") in {each["kind"] for each in kinds}
    if noun == "recovery":
        assert str(fresh.recovery_amount) == "40.50"


async def test_a_condition_is_fulfilled_by_the_api(cast, client):
    award = await an_award(cast)
    async with importing():
        condition = await value(
            "UPDATE tranche_condition SET kind = 'document', description_en = 'Contract', report_due_id = NULL"
            " WHERE kind = 'report_accepted' RETURNING id"
        )
    await client.sign_in(cast.curator)
    url = f"/api/v1/awards/{award.reference}/tranches/2/conditions/{condition}/fulfilment"
    answer = await client.post(url, json={"note": "By post"})
    assert answer.status_code == 200, answer.text
    (kept,) = await rows("SELECT fulfilled_by, fulfilled_at, note FROM tranche_condition WHERE id = $1", condition)
    assert (kept["fulfilled_by"], kept["note"]) == (cast.curator.id, "By post") and kept["fulfilled_at"]
