"""Two grants side by side: pages, agreement and files tell of one what is its own, and nothing of the other."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from foundation.clock import today
from foundation.database import execute, insert, row, value
from foundation.language import day, speaking
from grants.awards import queries
from grants.awards.document import body_of
from grants.awards.tables import Agreement, Award, Signature
from tests.builders.awards import a_recommended_application, a_tranche, an_award, an_upload
from tests.cast import add_account, add_role
from tests.importing import importing

OTHER = re.compile("Guria|Ozurgeti|Other|Curator2|€7,000|€8,000|400000002")


@pytest.fixture
async def vani(cast) -> Award:
    """Vani's grant, between two of Guria: what is read of the first row or of the last would be another's."""
    made = []
    for organisation, amount in ((cast.guria_women, 7000), (cast.vani_youth, 6000), (cast.guria_women, 8000)):
        award = await an_award(cast, organisation=organisation, amount=amount, starts_on=today() - timedelta(days=20))
        await a_tranche(cast, "paid", award)
        await _signed_again(cast, award)
        made.append(award)
    return made[1]


async def _signed_again(cast, award):
    """A second version, signed by both with a scan; files are named by grant, version and party."""
    signatory = cast.signatory if award.organisation_id == cast.vani_youth.id else cast.other_signatory
    upload = await an_upload(cast.director, f"{award.amount:.0f}-2.pdf")
    async with importing():
        agreement = await insert(
            Agreement, award_id=award.id, version=2, upload_id=upload.id, document_sha256=upload.blob_sha256,
            body={"version": 2}, made_by=cast.director.id,
        )  # fmt: skip
        for party, person in (("cso", signatory), ("funder", cast.director)):
            scan = await an_upload(person, f"{award.amount:.0f}-2-{party}.pdf")
            await insert(
                Signature, agreement_id=agreement.id, award_id=award.id, party=party, upload_id=scan.id,
                signed_by=person.id,
            )  # fmt: skip


def read(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("<footer")[0])
    return " ".join(text.replace("\u00a0", " ").split())


def in_english(each: date) -> str:
    with speaking("en"):
        return day(each)


async def test_the_page_of_a_grant(vani, cast, client):
    number = await value("SELECT number FROM application WHERE id = $1", vani.application_id)
    call = await value("SELECT reference FROM call WHERE id = $1", vani.call_id)
    await client.sign_in(cast.director)
    html = (await client.get(f"/en/awards/{vani.reference}")).text
    text, now = read(html), in_english(today())
    assert (
        f"Grant €6,000 Paid €3,000 Organisation Vani Youth Municipality Vani From {in_english(vani.starts_on)}" in text
    )
    assert f"Curator Curator Call Small grants Application {number}" in text and f"/calls/{call}" in html
    told = re.findall(r"(?:Agreement, version|Version) (\d)(?:, signed by ([a-z ]+) (\w+)|) ?,?", text)
    assert told == [
        ("2", "", ""), ("2", "the organisation", "Signatory"), ("2", "both", "Director"),
        ("1", "", ""), ("1", "the organisation", "Signatory"),
    ] and text.count(f"Made on {now}") == 2  # fmt: skip
    assert text.count("Tranche 1 €3,000") == 1 and not OTHER.search(text)


async def test_the_files_of_an_agreement(vani):
    assert (await queries.document_of(vani, 2)).filename == "6000-2.pdf"
    assert (await queries.document_of(vani, 1)).filename == "agreement.pdf"
    for party in ("cso", "funder"):
        assert (await queries.signed_document_of(vani, 2, party)).filename == f"6000-2-{party}.pdf"
    assert (await queries.signed_document_of(vani, 1, "cso")).filename == "signed.pdf"
    assert await queries.signed_document_of(vani, 1, "funder") is None
    assert (await queries.latest_agreement(vani)).version == 2


async def test_the_agreement_names_its_parties_and_its_budget(vani, cast):
    """Of the organisation's people those who sign for it now; of its budget every line, in its order."""
    async with importing():
        second, former, away = [await add_account(name) for name in ("zaza", "former", "away")]
        for each in (second, former, away):
            await add_role(each, "signatory", cast.vani_youth.id)
        await add_role(second, "editor", cast.vani_youth.id)
        await execute("UPDATE role SET until = now() WHERE account_id = $1", former)
        await execute("UPDATE account SET active = false WHERE id = $1", away)
        await execute(
            "UPDATE organisation SET identification_code = '200000009' WHERE id = $1", cast.curator_imereti.id
        )
        await execute("UPDATE programme SET contract_number = 'ENI/1'")
    number = await value("SELECT number FROM application WHERE id = $1", vani.application_id)
    vani.agreement_language = "en"
    (text,) = (await body_of(vani, 3))["texts"]
    start, end = in_english(vani.starts_on), in_english(vani.ends_on)
    assert text["parties"] == [
        ["Funder", "Imereti Curator, identification code 200000009, represented by Director"],
        ["Grantee", "Vani Youth, identification code 400000001, represented by Signatory, Zaza"],
        ["Programme", "Common Forum, financed by European Union, contract ENI/1"],
        ["Project", "Open budget in Vani"], ["Municipality", "Vani Municipality"], ["Grant", "€6,000"],
        ["Period", f"{start} to {end}"],
    ]  # fmt: skip
    assert text["budget"]["rows"] == [
        ["Staff and fees", "People", "1", "€4,000", "€4,000", "€0", "€4,000"],
        ["Events", "Events", "1", "€2,000", "€2,000", "€0", "€2,000"],
    ]
    sections = {each["title"]: each["parts"] for each in text["sections"]}
    assert number in sections["Subject of the agreement"][0]
    tranches = sections["Payment"][1]["rows"]
    assert [(each[0], each[1], each[3]) for each in tranches] == [
        ("1", "€3,000", "the agreement is signed by both sides"),
        ("2", "€3,000", "the agreement is signed by both sides; report 1 is accepted"),
    ]
    assert [each[:2] for each in sections["Reports"][1]["rows"]] == [["1", "interim report"], ["2", "final report"]]
    assert not OTHER.search(str(text))


async def test_the_recommendation_and_the_grant_it_became(vani, cast, client):
    """Each of them by its number; what is decided already is not asked again."""
    first, second = [await a_recommended_application(cast, organisation=each, amount=Decimal(amount)) for each, amount in
                     ((cast.guria_women, 700), (cast.vani_youth, 600))]  # fmt: skip
    found = await queries.recommendation_of(cast.director, second.number)
    assert (found.id, found.decided_amount) == (second.id, Decimal(600))
    assert {each.id for each in await queries.recommended_to(cast.director)} == {first.id, second.id}
    assert await queries.award_for(second) is None
    became = await row("SELECT number FROM application WHERE id = $1", vani.application_id)
    decided = await queries.recommendation_of(cast.director, became["number"])
    assert (await queries.award_for(decided))["reference"] == vani.reference
    undecided = await a_recommended_application(cast, minutes="open")
    assert await queries.recommendation_of(cast.director, undecided.number) is None
