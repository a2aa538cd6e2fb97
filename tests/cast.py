"""A small fixed cast: one person per role, two organisations, eight municipalities, one programme."""

from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest

from accounts.person import Person
from accounts.sessions import person_by_id
from accounts.tables import Account, Municipality, Organisation, Programme
from foundation.database import all_of, execute, insert
from tests.importing import importing

# role at example.org → (role kind, which organisation holds it)
ROLES = {
    "editor": ("editor", "vani_youth"),
    "signatory": ("signatory", "vani_youth"),
    "reviewer": ("reviewer", None),
    "reviewer2": ("reviewer", None),
    "chair": ("chair", None),
    "curator": ("curator", "curator_imereti"),
    "curator2": ("curator", "curator_guria"),
    "manager": ("manager", None),
    "finance": ("finance", None),
    "director": ("director", None),
    "donor": ("donor", None),
    "auditor": ("auditor", None),
    "admin": ("admin", None),
    "other_editor": ("editor", "guria_women"),
    "other_signatory": ("signatory", "guria_women"),
    "nobody_special": (None, None),
}


@dataclass
class Cast:
    """`cast.signatory` is a Person; `cast.vani_youth` an Organisation (in Vani, curated by `curator`);
    `cast.guria_women` the other one (in Ozurgeti, curated by `curator2`); `cast.vani` a Municipality."""

    programme: Programme
    places: dict[str, Municipality]
    organisations: dict[str, Organisation]
    people: dict[str, Person]

    def __getattr__(self, name: str):
        for kept in ("people", "organisations", "places"):
            if name in self.__dict__[kept]:
                return self.__dict__[kept][name]
        raise AttributeError(name)


@pytest.fixture
def cast(peopled, db) -> Cast:
    """Already in the database of this test; a copy, since tests change what they are given."""
    return Cast(**deepcopy(vars(peopled[-1])))


async def make_cast() -> Cast:
    async with importing():
        places = {place.slug: place for place in await all_of(Municipality, "SELECT * FROM municipality")}
        programme = await insert(
            Programme,
            name_ka="საერთო ფორუმი",
            name_en="Common Forum",
            donor_ka="ევროკავშირი",
            donor_en="European Union",
            currency="EUR",
            budget=Decimal("240000"),
            director_threshold=Decimal("5000"),
        )
        await execute("UPDATE programme SET bank_cooling = '0'")
        organisations = {
            "curator_imereti": await _organisation("curator", "იმერეთის კურატორი", "Imereti Curator"),
            "curator_guria": await _organisation("curator", "გურიის კურატორი", "Guria Curator"),
        }
        for name, slugs in (
            ("curator_imereti", ["vani", "khoni", "bagdati", "terjola"]),
            ("curator_guria", ["ozurgeti", "lanchkhuti", "tsageri", "ambrolauri"]),
        ):
            for slug in slugs:
                await execute(
                    "INSERT INTO curated_municipality VALUES ($1, $2)", organisations[name].id, places[slug].id
                )
        organisations["vani_youth"] = await _organisation(
            "cso",
            "ვანის ახალგაზრდები",
            "Vani Youth",
            "400000001",
            places["vani"].id,
            organisations["curator_imereti"].id,
        )
        organisations["guria_women"] = await _organisation(
            "cso", "გურიის ქალები", "Guria Women", "400000002", places["ozurgeti"].id, organisations["curator_guria"].id
        )
        people = {}
        for name, (kind, organisation) in ROLES.items():
            account_id = await add_account(name)
            if kind:
                await add_role(account_id, kind, organisations[organisation].id if organisation else None)
            people[name] = await person_by_id(account_id)
    return Cast(programme, places, organisations, people)


async def _organisation(kind, ka, en, code=None, municipality_id=None, curator_id=None) -> Organisation:
    return await insert(
        Organisation,
        kind=kind,
        name_ka=ka,
        name_en=en,
        identification_code=code,
        municipality_id=municipality_id,
        curator_id=curator_id,
        experience="experienced" if kind == "cso" else None,
    )


async def add_account(name: str) -> UUID:
    return (await insert(Account, email=f"{name}@example.org", name=name.replace("_", " ").capitalize())).id


async def ended_role(account_id: UUID, kind: str, organisation_id: UUID | None = None, days: int = 10) -> None:
    """One that was held for a while, until so many days ago."""
    async with importing():
        await execute(
            "INSERT INTO role (account_id, kind, organisation_id, since, until)"
            " VALUES ($1, $2, $3, day_here() - $4::int - 100, day_here() - $4::int)",
            account_id, kind, organisation_id, days,
        )  # fmt: skip


async def add_role(account_id: UUID, kind: str, organisation_id: UUID | None = None) -> None:
    """As history brings it in: nobody is asked."""
    async with importing():
        await execute(
            "INSERT INTO role (account_id, kind, organisation_id) VALUES ($1, $2, $3)",
            account_id, kind, organisation_id,
        )  # fmt: skip
