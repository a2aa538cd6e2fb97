"""A bank account is verified by a call back; a tranche goes through five pairs of hands to the bank and is confirmed."""

from __future__ import annotations

from foundation.clock import today
from tests.journeys.people import Story, scan


async def a_bank_account_is_entered_and_verified(story: Story) -> None:
    signatory = await story.person("signatory", "/bank")
    await signatory.fill(iban="GE60NB0000000123456789", holder="რიონი (საჩვენებელი)", bank_name="საჩვენებელი ბანკი")
    await signatory.fill(letter=scan("ბანკის წერილი.pdf"))
    await signatory.press("Send for verification")
    manager = await story.person("manager", signatory.path)
    await manager.fill(note="Called the number known from before; the signatory read the number to me.")
    await manager.press("The account is verified")


async def a_tranche_is_paid(story: Story, grant: str) -> None:
    at = f"/awards/{grant}/tranches/1"
    signatory = await story.person("signatory")
    await story.worker_until(signatory, at, "Your next step")
    await signatory.press("Request {amount}", amount="4 000 €")
    curator = await story.person("curator", at)
    await curator.fill(certificate="The agreement is signed by both sides; nothing speaks against the payment.")
    await curator.press("Certify the request")
    finance = await story.person("finance", at)
    await finance.press("Approve the payment of {amount}", amount="€4,000")
    director = await story.person("director", at)
    await director.press("Authorise the payment of {amount}", amount="€4,000")
    await finance.open(at)
    await finance.fill(order_reference="PO-77")
    await finance.press("The order is at the bank")
    await finance.fill(bank_reference="BANK-2026-77", paid_on=today().isoformat())
    await finance.press("The bank paid")
    await signatory.open(at)
    await signatory.press("The money came")
    await signatory.sees("receipt confirmed")
