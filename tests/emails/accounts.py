"""Emails about accounts and roles."""

from accounts.entry.attempts import email_key
from accounts.people import actions, transitions
from accounts.person import Role
from accounts.tables import Account
from foundation.database import get, row, value
from lifecycle.record import record
from tests.emails.applications import CONTACT
from tests.emails.telling import Both, Email, Facts, Told, named


async def forgotten(cast, event) -> Facts:
    await record(event, cast.editor, key=email_key("editor@example.org").hex())
    return {}


async def closed(cast, event) -> Facts:
    await transitions.close_account(await get(Account, cast.donor.id), cast.admin)
    return {"contact": CONTACT}


async def opened(cast, event) -> Facts:
    await closed(cast, event)
    await transitions.open_account(await get(Account, cast.donor.id), cast.admin)
    return {}


def ended(who, by):
    async def happen(cast, event) -> Facts:
        held = await row("SELECT id, organisation_id FROM role WHERE account_id = $1", cast.people[who].id)
        await actions.end_role(held["id"], cast.people[by])
        return {
            "role": {"editor": Both("editor", "რედაქტორი"), "donor": Both("donor", "დონორი")}[who],
            "organisation": named(cast.vani_youth, "name"), "contact": CONTACT,
        }  # fmt: skip

    return happen


async def invited(cast, event) -> Facts:
    await actions.invite(
        "nino@example.org", "Nino", Role.EDITOR, cast.signatory, await get(type(cast.vani_youth), cast.vani_youth.id)
    )
    assert await value("SELECT count(*) FROM event WHERE name = $1", event) == 1
    return {"organisation": named(cast.vani_youth, "name"), "whose": str(cast.vani_youth.id)}


EMAILS = [
    Told("account.reset_asked", forgotten, [Email("editor", "Set a new password", "", "/password/reset/*")]),
    Told("account.closed", closed, [
        Email("donor", "Your account in the grants service is closed", "contact", None),
    ]),
    Told("account.opened", opened, [
        Email("donor", "Your account in the grants service is open again", "", "/sign-in"),
    ]),
    Told("role.ended", ended("editor", "signatory"), [
        Email("editor", "A role of yours in the grants service has ended", "role organisation contact", None),
    ], "in an organisation"),
    Told("role.ended", ended("donor", "admin"), [
        Email("donor", "A role of yours in the grants service has ended", "role contact", None),
    ], "in the programme"),
    Told("role.offered", invited, [
        Email("curator", "An organisation invites people", "organisation", "/organisations/{whose}"),
    ]),
]  # fmt: skip
