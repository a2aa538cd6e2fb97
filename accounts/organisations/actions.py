"""What is done about organisations: register, describe; confirming is in transitions.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts import rights
from accounts.organisations.forms import (
    Classification,
    CuratorsDescription,
    Description,
    OtherRegistration,
    Registration,
)
from accounts.organisations.queries import curated_by, curator_of, with_code
from accounts.person import Person, Role
from accounts.tables import Municipality, Organisation
from accounts.tables import Role as RoleHeld
from foundation.database import execute, get, insert, lock, transaction, update, value
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from lifecycle.record import record, sentences

sentences(
    {
        "organisation.registered": N_("Organisation registered"),
        "organisation.changed": N_("Organisation changed"),
    }
)

# An account of nobody's can register this many before the programme's people have looked at one.
MOST_UNCONFIRMED = 3


async def register(given: Registration, person: Person) -> Organisation:
    """Staff register for others; anybody else registers their own and becomes its signatory."""
    if not rights.registers(person):
        raise NotAllowed(_("You may not do this here."))
    for_others = rights.registers_for_others(person)
    async with transaction():
        await _refuse_unknown_place(given)
        await _refuse_registered(given)
        facts = given.model_dump()
        if for_others:
            organisation = await _add(facts)
        else:
            await _refuse_many(person)
            organisation = await _add({**facts, "experience": None, "registered_by": person.id})
            await insert(RoleHeld, account_id=person.id, kind=str(Role.SIGNATORY), organisation_id=organisation.id)
        await record("organisation.registered", person, organisation, **{k: v for k, v in facts.items() if v})
    return organisation


async def register_other(given: OtherRegistration, person: Person) -> Organisation:
    """A curator with its municipalities, or a donor."""
    if not person.is_admin:
        raise NotAllowed(_("You may not do this here."))
    async with transaction():
        await _refuse_registered(given)
        facts = given.model_dump(exclude={"municipalities"})
        organisation = await insert(Organisation, **facts)
        if given.kind == "curator":
            await _curate(organisation, given.municipalities)
        told = facts | {"municipalities": [str(each) for each in given.municipalities]}
        await record("organisation.registered", person, organisation, **{k: v for k, v in told.items() if v})
    return organisation


async def change_curator(organisation: Organisation, given: CuratorsDescription, person: Person) -> None:
    """What is written about a curator or donor, and which municipalities a curator looks after."""
    async with transaction():
        await lock(organisation, given.revision)
        if not rights.classifies(person, organisation):
            raise NotAllowed(_("You may not do this here."))
        given = given.over(await as_described(organisation))
        wanted = given.model_dump(exclude={"municipalities"})
        if given.identification_code and given.identification_code != organisation.identification_code:
            await _refuse_registered(given)
        before = {name: getattr(organisation, name) for name in wanted}
        places_before = await curated_by(organisation.id)
        await update(organisation, **wanted)
        if organisation.kind == "curator":
            await _curate(organisation, given.municipalities)
        await record(
            "organisation.changed", person, organisation,
            before=before | {"municipalities": [str(each) for each in places_before]},
            after=wanted | {"municipalities": [str(each) for each in given.municipalities]},
        )  # fmt: skip


async def as_described(organisation: Organisation) -> dict[str, Any]:
    """What stands there, in the terms of the form."""
    return organisation.to_dict() | {"municipalities": await curated_by(organisation.id)}


async def change(organisation: Organisation, given: Description, person: Person) -> Organisation:
    async with transaction():
        await lock(organisation, given.revision)
        if not rights.describes(person, organisation):
            raise NotAllowed(_("You may not do this here."))
        if isinstance(given, Classification) and not rights.classifies(person, organisation):
            raise NotAllowed(_("You may not do this here."))
        given = given.over(organisation)
        wanted = given.model_dump()
        changed = {name: new for name, new in wanted.items() if new != getattr(organisation, name)}
        if not changed:
            return organisation
        if changed.get("identification_code"):
            await _refuse_registered(given)
        if changed.get("municipality_id") and organisation.kind == "cso":
            await _refuse_unknown_place(given)
            changed["curator_id"] = await curator_of(changed["municipality_id"]) or organisation.curator_id
        before = {name: getattr(organisation, name) for name in changed}
        await update(organisation, **changed)
        await record("organisation.changed", person, organisation, before=before, after=changed)
    return organisation


async def _add(facts: dict[str, Any]) -> Organisation:
    return await insert(Organisation, kind="cso", curator_id=await curator_of(facts["municipality_id"]), **facts)


async def _curate(organisation: Organisation, places: list[UUID]) -> None:
    """From now on it looks after these; organisations there follow where their curator is one alone."""
    concerned = {*await curated_by(organisation.id), *places}
    await execute(
        "DELETE FROM curated_municipality WHERE organisation_id = $1 AND municipality_id <> ALL($2::uuid[])",
        organisation.id, places,
    )  # fmt: skip
    added = await value(CURATE, organisation.id, places)
    if added != len(set(places)):
        raise Refused(_("Choose one of the municipalities."))
    await execute(FOLLOW, list(concerned))


async def _refuse_registered(given: Any) -> None:
    if given.identification_code and await with_code(given.identification_code):
        raise Refused(taken())


def taken() -> str:
    return _(
        "An organisation with this identification code is registered already. Ask its signatory, or the"
        " programme's people, to invite you."
    )


async def _refuse_unknown_place(given: Any) -> None:
    if await get(Municipality, given.municipality_id) is None:
        raise Refused(_("Choose one of the municipalities."))


async def _refuse_many(person: Person) -> None:
    waiting = await value(
        "SELECT count(*) FROM organisation WHERE registered_by = $1 AND confirmed_at IS NULL", person.id
    )
    if waiting >= MOST_UNCONFIRMED:
        raise Refused(_("Wait until the programme's people have looked at the organisations you registered before."))


CURATE = """
WITH made AS (
  INSERT INTO curated_municipality SELECT $1, id FROM municipality WHERE id = ANY($2::uuid[]) ON CONFLICT DO NOTHING)
SELECT count(*) FROM municipality WHERE id = ANY($2::uuid[])
"""
FOLLOW = """
UPDATE organisation o
SET curator_id = coalesce(k.alone, CASE WHEN o.curator_id = ANY(k.curators) THEN o.curator_id END)
FROM (
  SELECT m.id, array_agg(c.organisation_id) AS curators,
    CASE count(*) WHEN 1 THEN min(c.organisation_id::text)::uuid END AS alone
  FROM unnest($1::uuid[]) AS m (id) LEFT JOIN curated_municipality c ON c.municipality_id = m.id GROUP BY m.id) k
WHERE o.kind = 'cso' AND o.municipality_id = k.id
"""
