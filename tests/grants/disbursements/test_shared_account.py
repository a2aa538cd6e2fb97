"""One bank account of two organisations: finance and managers are told at once, and nobody verifies it unexplained."""

import hashlib

import asyncpg
import pytest

from foundation.database import execute, get, rows, transaction
from foundation.language import speaking
from foundation.refused import Refused
from grants.disbursements.bank import queries, transitions
from grants.disbursements.tables import BankAccount
from lifecycle.record import record
from tests.builders.awards import a_bank_account
from tests.grants.disbursements.test_notices import letters
from tests.importing import importing


async def shared(cast, **over):
    await a_bank_account(cast, cast.guria_women)
    return await a_bank_account(cast, cast.vani_youth, verified=False, **over)


async def test_it_is_not_verified_until_somebody_wrote_why(cast):
    account = await shared(cast)
    with speaking("en"), pytest.raises(Refused, match="has this account, too"):
        await transitions.verify(account, cast.manager, "Called the office")
    assert [each["id"] for each in await queries.others_with(account)] == [cast.guria_women.id]
    await transitions.verify(account, cast.manager, "Called the office", "One grew out of the other")
    assert (await get(BankAccount, account.id)).shared_note == "One grew out of the other"


async def test_the_database_refuses_it_too(cast):
    account = await shared(cast)
    verify = "UPDATE bank_account SET verified_by = $2, verified_at = now(), verification_note = 'Called' WHERE id = $1"
    with pytest.raises(asyncpg.CheckViolationError) as error:
        async with transaction():
            await execute(verify, account.id, cast.manager.id)
    assert error.value.constraint_name == "bank_account_shared"
    await execute(
        verify.replace(" WHERE", ", shared_note = 'The bank changed its numbers' WHERE"), account.id, cast.manager.id
    )
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction():
            await execute("UPDATE bank_account SET shared_note = 'Another' WHERE id = $1", account.id)


async def test_an_account_of_ones_own_or_never_used_by_another_needs_no_word(cast):
    other = await a_bank_account(cast, cast.guria_women, verified=False)
    await execute(
        "UPDATE bank_account SET retired_by = $2, retired_at = now() WHERE id = $1", other.id, cast.finance.id
    )
    account = await a_bank_account(cast, cast.vani_youth, verified=False)
    await transitions.verify(account, cast.manager, "Called the office", "Not needed")
    assert (await get(BankAccount, account.id)).shared_note is None


async def test_staff_see_it_on_the_page_and_the_organisation_does_not(cast, client):
    account = await shared(cast)
    url = f"/en/organisations/{cast.vani_youth.id}/bank"
    await client.sign_in(cast.signatory)
    page = (await client.get(url)).text
    assert "Another organisation" not in page and cast.guria_women.name_en not in page
    await client.sign_in(cast.finance)
    page = (await client.get(url)).text
    assert "Another organisation has this account, too" in page and cast.guria_women.name_en in page
    verify = f"{url}/{account.id}/verification"
    answer = await client.send_form(verify, {"note": "Called the office"})
    assert answer.status_code == 409 and "Find out why" in answer.text
    sent = {"note": "Called the office", "shared_note": "The bank changed its numbers"}
    assert (await client.send_form(verify, sent)).status_code == 303
    assert "The bank changed its numbers" in (await client.get(url)).text


async def test_finance_and_managers_are_told_and_nobody_else(cast):
    account = await shared(cast)
    async with importing():
        await execute("DELETE FROM mail")
    async with transaction():
        await record("bank_account.entered", cast.signatory, account)
    await letters()
    warned = {
        each["to_address"].split("@")[0] for each in await rows("SELECT to_address FROM mail WHERE key LIKE '%shared%'")
    }
    assert warned == {"finance", "manager"}


async def test_accounts_are_compared_by_a_fingerprint_whose_key_the_service_cannot_read(cast):
    account = await shared(cast)
    mine, theirs = await rows("SELECT iban, fingerprint FROM bank_account WHERE retired_at IS NULL ORDER BY entered_at")
    assert mine["iban"] == theirs["iban"] and mine["fingerprint"] == theirs["fingerprint"]
    assert mine["fingerprint"] != hashlib.sha256(mine["iban"].encode()).digest()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await rows("SELECT key FROM fingerprint_key")
    async with importing():  # whatever is written there is worked out anew
        await execute("UPDATE bank_account SET fingerprint = sha256('x'::bytea) WHERE id = $1", account.id)
    assert (await get(BankAccount, account.id)).fingerprint == mine["fingerprint"]
    other = await a_bank_account(cast, cast.vani_youth, verified=False, iban="GE60NB0000000123456789")
    assert other.iban == account.iban or (await get(BankAccount, other.id)).fingerprint != mine["fingerprint"]
