"""What the sources tell of 2019 to 2021: two calls, 46 small projects, meetings, recommendations, publications."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.tables import Organisation
from entrypoints.example.marks import Marks
from entrypoints.example.papers import document, kept
from entrypoints.example.people import Example, known, table
from foundation.database import execute, insert
from foundation.money import split
from grants.applications.tables import Application
from grants.awards.tables import Award
from grants.calls.tables import Call
from grants.disbursements.ledger import posting
from grants.disbursements.tables import BankAccount, Tranche
from grants.reviews.tables import MeetingMinutes
from monitoring.meetings.tables import Achievement, Meeting
from monitoring.publications.tables import Edition, Publication, Reach
from monitoring.recommendations.tables import Recommendation

OURS = " (our translation)"


async def past_programme(example: Example, marks: Marks) -> None:
    calls = await _calls(example, marks)
    for number, project in enumerate(table("small_projects"), 1):
        await _project(example, marks, calls[project["round"][:7]], number, project)
    await _meetings(example)
    await _recommendations(example)
    await _publications(example)


async def _calls(example: Example, marks: Marks) -> dict[str, Call]:
    people = example.people
    first = await insert(
        Call,
        programme_id=example.programme.id,
        reference="C-2020-1",
        state="completed",
        title_ka="მცირე გრანტების კონკურსი, პირველი რაუნდი, 2020",
        title_en="Small grants, round 1, 2020",
        summary_ka="ფორუმის თექვსმეტი წევრი ორგანიზაციისთვის: მცირე პროექტები საჯარო მმართველობის რეფორმის საკითხებზე რვა მუნიციპალიტეტში.",
        summary_en="For the sixteen member organisations of the forum: small projects on public administration reform in eight municipalities.",
        currency="EUR",
        envelope=Decimal("60000"),
        min_award=Decimal("500"),
        max_award=Decimal("4000"),
        opens_at=_utc(2020, 3, 1),
        deadline=_utc(2020, 5, 1),
        invited_only=True,
        min_reviews=1,
        created_by=people["curator"].id,
        approved_by=people["manager"].id,
        opened_at=_utc(2020, 3, 1),
        closed_at=_utc(2020, 5, 1),
        decided_at=_utc(2020, 5, 20),
    )
    second = await insert(
        Call,
        programme_id=example.programme.id,
        reference="C-2021-1",
        state="completed",
        title_ka="მცირე გრანტების კონკურსი, მეორე რაუნდი, 2021",
        title_en="Small grants, round 2, 2021",
        summary_ka="იგივე თექვსმეტი ორგანიზაციისა და თოთხმეტი ახალი ორგანიზაციისთვის; კომისიამ 2021 წლის 28 აპრილს ორი განაცხადი დაამტკიცა, თოთხმეტი კი შესწორების შემდეგ. საბოლოოდ ოცდაათივე დაფინანსდა.",
        summary_en="For the same sixteen organisations and fourteen new ones; on 28 April 2021 the committee approved two applications at once and fourteen after correction. In the end all thirty were funded.",
        currency="EUR",
        envelope=Decimal("110000"),
        min_award=Decimal("500"),
        max_award=Decimal("4000"),
        opens_at=_utc(2021, 2, 15),
        deadline=_utc(2021, 4, 20),
        invited_only=True,
        min_reviews=1,
        created_by=people["curator"].id,
        approved_by=people["manager"].id,
        opened_at=_utc(2021, 2, 15),
        closed_at=_utc(2021, 4, 20),
        decided_at=_utc(2021, 4, 28),
    )
    for call in (first, second):
        marks.invented(
            call,
            "envelope",
            "min_award",
            "max_award",
            "opens_at",
            "deadline",
            "min_reviews",
            "created_by",
            "approved_by",
        )
        for place in example.places.values():
            await execute("INSERT INTO call_municipality VALUES ($1, $2)", call.id, place.id)
    await insert(
        MeetingMinutes,
        call_id=second.id,
        number=1,
        held_on=date(2021, 4, 28),
        opened_by=people["chair"].id,
        text="Two applications approved at once, fourteen held for correction.",
    )
    return {"round 1": first, "round 2": second}


async def _project(example: Example, marks: Marks, call: Call, number: int, project: dict[str, str]) -> None:
    organisation = example.organisations.get(project["org_id"]) or await _unknown_organisation(project)
    slug = (project["municipality_en"] or "").lower()
    place = example.places.get(slug)
    start, precision = when(project["start"])
    end, _ = when(project["end"], last=True)
    year = call.deadline.year
    amount = Decimal(1200 + (number * 370) % 1900)
    people = example.people
    notes = [known(project["start"]), known(project["end"])]
    title_en, title_ka = known(project["title_en"]), known(project["title_ka"])
    facts: dict[str, Any] = {
        "title_ka": title_ka,
        "title_en": title_en.removesuffix(OURS) if title_en else None,
        "summary_en": " ".join(filter(None, (known(project["activities"]), known(project["outputs_and_numbers"]))))
        or None,
    }
    submitted = call.deadline - timedelta(days=2)
    application = await insert(
        Application,
        number=f"A-{year}-{number:04d}",
        call_id=call.id,
        organisation_id=organisation.id,
        municipality_id=place.id if place else None,
        currency="EUR",
        state="approved",
        requested=amount,
        declared=True,
        submitted_at=submitted,
        body={"imported": project["project_id"]},
        body_sha256=bytes(32),
        **facts,
    )
    marks.invented(application, "requested", "submitted_at")
    award = await insert(
        Award,
        reference=f"G-{year}-{number:03d}",
        application_id=application.id,
        call_id=call.id,
        organisation_id=organisation.id,
        municipality_id=place.id if place else None,
        currency="EUR",
        amount=amount,
        state="closed",
        starts_on=start,
        ends_on=end if end and start and end >= start else None,
        date_precision=precision,
        date_note=" – ".join(filter(None, notes)) or None,
        source=f"{project['project_id']}; {project['source']}",
        proposed_by=people["chair"].id,
        approved_by=people["director"].id,
        approved_at=call.decided_at,
        signed_at=call.decided_at,
        countersigned_by=people["director"].id,
        countersigned_at=call.decided_at,
        curator_id=example.curator_of(slug).id if place else None,
        **facts,
    )
    marks.invented(
        award,
        "amount",
        "proposed_by",
        "approved_by",
        "approved_at",
        "signed_at",
        "countersigned_by",
        "countersigned_at",
        "state",
    )
    if title_en and title_en.endswith(OURS):
        marks.invented(award, "title_en")
    await posting.commit(award, people["director"], at=award.countersigned_at)
    for position, part in enumerate(split(amount, [Decimal(80), Decimal(20)]), 1):
        paid_on = call.decided_at.date() + timedelta(days=20 + 90 * (position - 1))
        tranche = await insert(
            Tranche,
            award_id=award.id,
            organisation_id=organisation.id,
            currency="EUR",
            number=position,
            amount=part,
            state="paid",
            planned_on=paid_on,
            paid_on=paid_on,
            bank_reference=f"EX-{award.reference}-{position}",
            order_reference=f"EX-{award.reference}-{position}",
            requested_by=people["signatory"].id,
            bank_account_id=(await example_account(example, marks, organisation)),
            certified_by=people["curator"].id,
            approved_by=people["finance"].id,
            sent_by=people["finance"].id,
            paid_by=people["finance"].id,
        )
        marks.invented(tranche, "amount", "paid_on", "bank_reference", "requested_by", "certified_by", "approved_by")
        await pay_in_ledger(example, award, tranche)


async def pay_in_ledger(example: Example, award: Award, tranche: Tranche) -> None:
    at = datetime.combine(tranche.paid_on, datetime.min.time(), UTC)
    await posting.pay(award, tranche, example.people["finance"], at=at)


async def example_account(example: Example, marks: Marks, organisation: Organisation) -> UUID:
    """A bank account that cannot exist: its check digits are wrong on purpose."""
    if organisation.id not in example.accounts:
        signatory = example.people["signatory"]
        letter = None
        if organisation.code == "EX-01":
            paper = document("საჩვენებელი წერილი ბანკიდან / Example letter of a bank")
            letter = await kept(example, paper, "bank-letter.pdf", signatory)
        account = await insert(
            BankAccount,
            organisation_id=organisation.id,
            holder="Example account",
            bank_name="Example bank",
            iban=f"GE00EX{organisation.id.int % 10**16:016d}",
            letter_upload_id=letter.id if letter else None,
            entered_by=signatory.id,
            entered_at=_utc(2020, 1, 1),
            verified_by=example.people["manager"].id,
            verified_at=_utc(2020, 1, 2),
            verification_note="Invented.",
        )
        marks.invented(account, "holder", "iban", "bank_name", "entered_by", "verified_by")
        example.accounts[organisation.id] = account.id
    return example.accounts[organisation.id]


async def _unknown_organisation(project: dict[str, str]) -> Organisation:
    """Funded, but no source names it."""
    return await insert(
        Organisation, code=f"UNKNOWN-{project['project_id']}", kind="cso", experience="new", source=project["source"]
    )


async def _meetings(example: Example) -> None:
    for r in table("meetings_and_visits"):
        start, precision = when(r["date_from"])
        end, _ = when(r["date_to"], last=True)
        meeting = await insert(
            Meeting,
            code=r["meeting_id"],
            kind=r["type"],
            date_from=start,
            date_to=end,
            date_precision=precision if start else "unknown",
            date_note=None if re.fullmatch(r"[0-9-]*", r["date_from"]) else known(r["date_from"]),
            date_basis=known(r["date_basis"]),
            place=known(r["place"]),
            organiser=known(r["organiser"]),
            participants=known(r["participants"]),
            subject_en=known(r["subject"]),
            decision_en=known(r["finding_or_decision"]),
            source=known(r["source"]),
        )
        for slug in filter(None, (name.strip().lower() for name in r["municipality_en"].split(","))):
            await execute("INSERT INTO meeting_municipality VALUES ($1, $2)", meeting.id, example.places[slug].id)


# Nothing here was verified in this service, so nothing starts as verified, whatever the source says.
STATES = [
    ("implemented", "reported_done"),
    ("reported complete", "reported_done"),
    ("adopted", "reported_done"),
    ("drafted", "in_progress"),
    ("in progress", "in_progress"),
    ("partly", "in_progress"),
    ("working version", "in_progress"),
    ("website modernised", "in_progress"),
    ("document nearly", "in_progress"),
    ("recommended; work", "in_progress"),
    ("planned", "accepted"),
    ("advocacy planned", "accepted"),
    ("discussed; money", "accepted"),
]


async def _recommendations(example: Example) -> None:
    for number, r in enumerate(table("recommendations"), 1):
        state = next((state for start, state in STATES if r["status"].startswith(start)), "issued")
        await insert(
            Recommendation,
            reference=f"R-2021-{number:03d}",
            municipality_id=example.places[r["municipality_en"].lower()].id,
            addressee="municipality",
            origin=known(r["origin"]),
            theme=known(r["theme"]),
            text_en=r["recommendation"],
            state=state,
            source_status=known(r["status"]),
            status_when=known(r["status_date"]),
            detail=known(r["detail"]),
            source=known(r["source"]),
        )


KINDS = {"TV": "tv", "local news article": "article", "monitoring reports": "monitoring_report"}
TOLD = {"ka (inferred)": "inferred", "ka not found": "not_found"}


async def _publications(example: Example) -> None:
    for r in table("publications"):
        told = known(r["date"])
        between = re.match(r"(\d{4}-)\d{2} or (\d{2})", told or "")
        first, precision = when(told) if told else (None, "unknown")
        last = when(between[1] + between[2] if between else told, last=True)[0] if told else None
        one = await insert(
            Publication,
            reference=r["pub_id"],
            state="published",
            past=True,
            basis="stated",
            title_ka=known(r["title_ka"]),
            title_en=known(r["title_en"]),
            kind=KINDS.get(r["type"], r["type"].replace(" ", "_")),
            when_first=first,
            when_last=last,
            when_precision="range" if between else precision,
            when_note=told if told and not re.fullmatch(r"\d{4}(-\d{2}){0,2}", told) else None,
            publisher=known(r["publisher"]),
            about_en=known(r["content"]),
            source=known(r["source"]),
        )
        for language in re.findall(r"\b(ka|en)\b", known(r["languages"]) or ""):
            basis = next((of for words, of in TOLD.items() if language in words and words in r["languages"]), "stated")
            await insert(Edition, publication_id=one.id, language=language, basis=basis)
        if found := re.search(r"delivered to ([\d,]+) newspaper subscribers in (\d+) units", r["content"]):
            number, units = (int(each.replace(",", "")) for each in found.groups())
            await insert(
                Reach, publication_id=one.id, channel="newspaper_insert", number=number, unit="subscribers",
                units_told=units, basis="stated", source=known(r["source"]) or r["pub_id"],
            )  # fmt: skip
    for r in table("achievements"):
        place = example.places.get(r["municipality_en"].lower())
        await insert(
            Achievement,
            code=r["ach_id"],
            municipality_id=place.id if place else None,
            text_en=r["achievement"],
            numbers=known(r["numbers"]),
            period=known(r["period"]),
            source=known(r["source"]),
        )


def when(text: str, last: bool = False) -> tuple[date | None, str]:
    """The date a source tells, no more precise than it is: (first or last day of it, day | month | year)."""
    if found := re.match(r"(\d{4})-(\d{2})-(\d{2})", text):
        return date(*map(int, found.groups())), "day"
    if found := re.match(r"(\d{4})-(\d{2})", text):
        year, month = map(int, found.groups())
        return date(year, month, calendar.monthrange(year, month)[1] if last else 1), "month"
    if found := re.match(r"(\d{4})", text):
        year = int(found[1])
        return date(year, 12, 31) if last else date(year, 1, 1), "year"
    return None, "year"


def _utc(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 8, tzinfo=UTC)
