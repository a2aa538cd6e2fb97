"""The programme, its curators and their municipalities, organisations that apply, and one example sign-in per role."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from accounts.passwords import hash_password
from accounts.person import SYSTEM, Person
from accounts.sessions import person_by_id
from accounts.tables import Account, Municipality, Organisation, Programme, RoleOffer
from entrypoints.example.marks import Marks
from foundation.database import all_of, execute, insert
from uploads.tables import Upload

PASSWORD = "khoni-vani-terjola-8"
DATA = Path(__file__).parent / "data"

CURATED = {
    "ORG-01": ["khoni", "terjola", "vani", "bagdati"],
    "ORG-02": ["ambrolauri", "tsageri"],
    "ORG-03": ["ozurgeti", "lanchkhuti"],
}
# Invented applicants, named after rivers so that nobody takes them for a real organisation.
RIVERS = [
    ("EX-01", "„რიონი“ (საჩვენებელი)", "Rioni (example)", "vani", "experienced"),
    ("EX-02", "„სულორი“ (საჩვენებელი)", "Sulori (example)", "vani", "new"),
    ("EX-03", "„ცხენისწყალი“ (საჩვენებელი)", "Tskhenistskali (example)", "khoni", "experienced"),
    ("EX-04", "„ხანისწყალი“ (საჩვენებელი)", "Khanistskali (example)", "bagdati", "experienced"),
    ("EX-05", "„ყვირილა“ (საჩვენებელი)", "Kvirila (example)", "terjola", "new"),
    ("EX-06", "„ძევრულა“ (საჩვენებელი)", "Dzevrula (example)", "terjola", "experienced"),
    ("EX-07", "„ნატანები“ (საჩვენებელი)", "Natanebi (example)", "ozurgeti", "experienced"),
    ("EX-08", "„ბჟუჟა“ (საჩვენებელი)", "Bzhuzha (example)", "ozurgeti", "new"),
    ("EX-09", "„სუფსა“ (საჩვენებელი)", "Supsa (example)", "lanchkhuti", "experienced"),
    ("EX-10", "„ფიჩორი“ (საჩვენებელი)", "Pichori (example)", "lanchkhuti", "new"),
    ("EX-11", "„ლაჯანური“ (საჩვენებელი)", "Lajanuri (example)", "tsageri", "experienced"),
    ("EX-12", "„კრიხულა“ (საჩვენებელი)", "Krikhula (example)", "ambrolauri", "experienced"),
]
# sign-in → (what the event log shows, role, organisation's code, municipalities where fewer than the curator's own)
SIGN_INS: list[tuple[str, str, str, str | None]] = [
    ("editor", "მაგალითი: რედაქტორი", "editor", "EX-01"),
    ("signatory", "მაგალითი: ხელმომწერი", "signatory", "EX-01"),
    ("reviewer", "მაგალითი: პირველი შემფასებელი", "reviewer", None),
    ("reviewer2", "მაგალითი: მეორე შემფასებელი", "reviewer", None),
    ("chair", "მაგალითი: კომისიის თავმჯდომარე", "chair", None),
    ("curator", "მაგალითი: კურატორი, იმერეთი", "curator", "ORG-01"),
    ("curator2", "მაგალითი: კურატორი, გურია", "curator", "ORG-03"),
    ("manager", "მაგალითი: პროგრამის მენეჯერი", "manager", None),
    ("finance", "მაგალითი: ფინანსისტი", "finance", None),
    ("director", "მაგალითი: დირექტორი", "director", None),
    ("donor", "Example: donor", "donor", None),
    ("auditor", "Example: auditor", "auditor", None),
    ("admin", "მაგალითი: ადმინისტრატორი", "admin", None),
]


@dataclass
class Example:
    """What later steps of the loader build on."""

    programme: Programme
    places: dict[str, Municipality]
    organisations: dict[str, Organisation]
    people: dict[str, Person]
    accounts: dict[UUID, UUID] = field(default_factory=dict)  # organisation → its bank account
    uploads: dict[bytes, Upload] = field(default_factory=dict)  # what was stored already

    def curator_of(self, slug: str) -> Person:
        names = {"guria": "curator2", "racha": "curator3"}
        return self.people[names.get(self.places[slug].region, "curator")]


async def cast(marks: Marks) -> Example:
    places = {place.slug: place for place in await all_of(Municipality, "SELECT * FROM municipality")}
    programme = await insert(
        Programme,
        name_ka="გურიის, იმერეთისა და რაჭა-ლეჩხუმის სამოქალაქო საზოგადოების ორგანიზაციების საერთო ფორუმი",
        name_en="A common forum for civil society organisations from Guria, Imereti and Racha-Lechkhumi",
        donor_ka="ევროკავშირი",
        donor_en="European Union",
        currency="EUR",
        budget=Decimal("420000"),
        starts_on=date(2019, 10, 1),
        director_threshold=Decimal("4000"),
        most_per_organisation=Decimal("60000"),
        help_email="help@example.org",
        example=True,
    )
    marks.invented(programme, "budget", "director_threshold", "most_per_organisation", "help_email")
    organisations = await _organisations(places, marks)
    people = await _people(organisations, marks)
    await _offers(organisations, people, marks)
    return Example(programme, places, organisations, people)


async def _offers(organisations: dict[str, Organisation], people: dict[str, Person], marks: Marks) -> None:
    """A colleague whom the signatory has invited and who has not answered; and a reviewer who is asked to chair."""
    colleague = await insert(
        Account, email="colleague@example.org", name="მაგალითი: ახალი კოლეგა", language="ka", example=True
    )
    marks.invented(colleague, "email", "name")
    for account, name, email, kind, organisation, giver in (
        (colleague.id, colleague.name, colleague.email, "editor", organisations["EX-01"].id, people["signatory"]),
        (people["reviewer2"].id, people["reviewer2"].name, "reviewer2@example.org", "chair", None, people["admin"]),
    ):
        offer = await insert(
            RoleOffer, account_id=account, kind=kind, organisation_id=organisation, name=name, email=email,
            offered_by=giver.id,
        )  # fmt: skip
        marks.invented(offer, "name", "email")


async def _organisations(places: dict[str, Municipality], marks: Marks) -> dict[str, Organisation]:
    made: dict[str, Organisation] = {}
    for r in table("organisations"):
        slug = (r["municipality_en"] or "").lower()
        made[r["org_id"]] = await insert(
            Organisation,
            code=r["org_id"],
            kind="curator" if r["group"].startswith("curator") else "cso",
            name_ka=known(r["name_ka"]),
            name_en=known(r["name_en"]),
            other_names=known(r["other_names_seen"]),
            municipality_id=places[slug].id if slug else None,
            experience={"forum": "experienced", "new": "new"}.get(r["group"].split()[0]),
            established=known(r["established"]),
            website=known(r["website"]),
            note=known(r["note"]),
            source=known(r["source"]),
            curator_id=made[r["curator_org_id"]].id if r["curator_org_id"] in made else None,
        )
    for code, slugs in CURATED.items():
        for slug in slugs:
            await execute("INSERT INTO curated_municipality VALUES ($1, $2)", made[code].id, places[slug].id)
    for number, (code, ka, en, slug, experience) in enumerate(RIVERS, 1):
        keeper = next(curator for curator, slugs in CURATED.items() if slug in slugs)
        made[code] = await insert(
            Organisation,
            code=code,
            kind="cso",
            name_ka=ka,
            name_en=en,
            identification_code=f"4990000{number:02d}",
            municipality_id=places[slug].id,
            experience=experience,
            curator_id=made[keeper].id,
            note="An invented organisation of the example programme.",
        )
        marks.invented(made[code], "name_ka", "name_en", "identification_code", "municipality_id", "experience")
    return made


async def _people(organisations: dict[str, Organisation], marks: Marks) -> dict[str, Person]:
    hashed = await hash_password(PASSWORD)
    listed: list[tuple[str, str, str, str | None]] = [
        *SIGN_INS,
        ("curator3", "მაგალითი: კურატორი, რაჭა", "curator", "ORG-02"),
        *(
            (f"signatory.{code.lower()}", f"მაგალითი: ხელმომწერი {ka}", "signatory", code)
            for code, ka, *_ in RIVERS[1:]
        ),
    ]
    people = {}
    for name, shown, kind, code in listed:
        account = await insert(
            Account,
            email=f"{name}@example.org",
            name=shown,
            password_hash=hashed if "." not in name else None,
            language="en" if kind in ("donor", "auditor") else "ka",
            example=True,
        )
        marks.invented(account, "email", "name")
        await execute(
            "INSERT INTO role (account_id, kind, organisation_id, since) VALUES ($1, $2, $3, '2019-10-01')",
            account.id,
            kind,
            organisations[code].id if code else None,
        )
        person = await person_by_id(account.id)
        assert person is not None
        people[name] = person
    people["system"] = SYSTEM
    return people


def table(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known(text: str | None) -> Any:
    """What the sources do not say stays empty."""
    text = (text or "").strip()
    return (
        None
        if not text or text.startswith("not found") or text in ("not stated", "(heading only; questions not found)")
        else text
    )
