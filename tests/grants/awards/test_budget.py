"""Who pays what of a grant's budget: the lines begin cut like the grant, are agreed line by line, and add up to it."""

from decimal import Decimal
from uuid import uuid4

import asyncpg
import pytest

from foundation.database import execute, rows, transaction, value
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused
from grants.awards import actions, forms, queries
from grants.awards.document import body_of
from grants.awards.queries import lines_of
from grants.awards.tables import Award
from tests.builders.awards import a_recommended_application, an_award
from tests.filled import filled
from tests.grants.awards.test_actions import approved, terms
from tests.importing import importing

D = Decimal


async def a_cut_award(cast, costs, given):
    """Asked for as (whole cost, own share) line by line; the committee gave `given`."""
    asked = sum(cost - own for cost, own in costs)
    application = await a_recommended_application(cast, amount=D(given), requested=asked)
    async with importing():
        await execute("DELETE FROM budget_line WHERE application_id = $1", application.id)
        for position, (cost, own) in enumerate(costs, 1):
            await execute(
                "INSERT INTO budget_line (application_id, position, category, item, quantity, unit_cost, amount, own_share)"
                " VALUES ($1, $2, 'events', $3, 1, $4, $4, $5)",
                application.id, position, f"Line {position}", D(cost), D(own),
            )  # fmt: skip
    return await approved(await queries.recommendation_of(cast.director, application.number), cast.director)


def told(lines):
    return [(line.amount, line.own_share) for line in lines]


@pytest.mark.parametrize(
    ("costs", "given", "expected"),
    [
        ([(4000, 0), (2400, 500)], 5900, [(4000, 0), (2400, 500)]),
        ([(4000, 0), (2400, 500)], 5500, [("3728.81", 0), ("2271.19", 500)]),
        ([(100, 0), (100, 0), (100, 0)], 100, [("33.34", 0), ("33.33", 0), ("33.33", 0)]),
        ([(300, 0), (50, 50)], 200, [(200, 0), (50, 50)]),
    ],
)
async def test_the_budget_begins_cut_like_the_grant(costs, given, expected, cast):
    """The own share stays; to the cent, the lines take from the grant what the grant is."""
    award = await a_cut_award(cast, costs, given)
    lines = await lines_of(award)
    assert told(lines) == [(D(cost), D(own)) for cost, own in expected]
    assert sum(line.amount - line.own_share for line in lines) == award.amount


async def test_the_budget_is_agreed_line_by_line_and_has_to_add_up(cast):
    award = await a_cut_award(cast, [(4000, 0), (2400, 500)], 5500)
    await actions.write_terms(award, cast.curator, terms())
    first, second = await lines_of(award)

    def budget(*amounts, ids=(first.id, second.id)):
        lines = [
            dict(id=id_, amount=str(amount), own_share=str(own))
            for id_, (amount, own) in zip(ids, amounts, strict=False)
        ]
        return forms.Budget.model_validate({"lines": lines})

    async def missing():
        with speaking("en"):
            return actions.missing_in_budget(award, await lines_of(award))

    await actions.write_budget(award, cast.curator, budget((3600, 0), (2300, 500)))
    assert await missing() == ["The lines of the budget take €5,400 from the grant; the grant is €5,500."]
    assert set(actions.missing_in_budget(award, await lines_of(award))) <= set(await actions.missing_for_offer(award))
    await actions.write_budget(award, cast.director, budget((4000, 0), (2000, 500)))
    assert await missing() == []
    assert told(await lines_of(award)) == [(4000, 0), (2000, 500)]
    for wrong in (budget((4000, 0)), budget((4000, 0), (1500, 0), ids=(first.id, uuid4()))):
        with speaking("en"), pytest.raises(Refused, match="none is added and none left out"):
            await actions.write_budget(award, cast.curator, wrong)
    with pytest.raises(ValueError, match="own share cannot be more"):
        budget((100, 101))
    with pytest.raises(NotAllowed):
        await actions.write_budget(award, cast.manager, budget((4000, 0), (2000, 500)))
    with pytest.raises(NotAllowed):
        await actions.write_budget(award, cast.signatory, budget((4000, 0), (2000, 500)))


async def test_the_database_refuses_an_offer_whose_budget_is_another_grant(cast):
    award = await an_award(cast, state="drafting")
    async with importing():
        await execute(
            "INSERT INTO agreement (award_id, version, upload_id, document_sha256, body)"
            " SELECT $1, 1, u.id, u.blob_sha256, '{}' FROM upload u LIMIT 1", award.id,
        )  # fmt: skip
    await execute("UPDATE award_line SET amount = amount - 0.01 WHERE award_id = $1 AND amount > 3000", award.id)
    offer = "UPDATE award SET state = 'offered', offered_by = $2, offered_at = now() WHERE id = $1"
    with pytest.raises(asyncpg.CheckViolationError) as error:
        async with transaction():
            await execute(offer, award.id, cast.director.id)
    assert error.value.constraint_name in ("award_lines_add_up", "award_agreement_made")


async def test_the_budget_is_frozen_with_the_offer_and_no_line_is_added_or_lost(cast):
    award = await an_award(cast, state="offered")
    for rule, sql in (
        ("award_lines_frozen", "UPDATE award_line SET amount = amount + 1 WHERE award_id = $1"),
        ("award_lines_frozen", "UPDATE award_line SET own_share = 1 WHERE award_id = $1"),
        (None, "DELETE FROM award_line WHERE award_id = $1"),
        (None, "INSERT INTO award_line (award_id, budget_line_id, amount, own_share)"
               " SELECT award_id, budget_line_id, 1, 0 FROM award_line WHERE award_id = $1"),
    ):  # fmt: skip
        with pytest.raises(asyncpg.PostgresError) as error:
            async with transaction():
                await execute(sql, award.id)
        assert error.value.constraint_name == rule or isinstance(error.value, asyncpg.InsufficientPrivilegeError)


async def test_the_annex_says_what_was_agreed(cast):
    """A cut line stands as an amount, one that was struck out is no part of it, and the sum is the grant."""
    award = await a_cut_award(cast, [(4000, 0), (2400, 500), (600, 0)], 5500)
    await actions.write_terms(award, cast.curator, terms())
    kept, cut, out = await lines_of(award)
    await execute("UPDATE award_line SET amount = 4000 WHERE id = $1", kept.id)
    await execute("UPDATE award_line SET amount = 2000 WHERE id = $1", cut.id)
    await execute("UPDATE award_line SET amount = 0, own_share = 0 WHERE id = $1", out.id)
    award = await Award.objects().get(Award.id == award.id)
    [english] = [text for text in (await body_of(award, 1))["texts"] if text["lang"] == "en"]
    budget = english["budget"]
    assert [line[1:] for line in budget["rows"]] == [
        ["Line 1", "1", "€4,000", "€4,000", "€0", "€4,000"],
        ["Line 2", "—", "—", "€2,000", "€500", "€1,500"],
    ]
    assert budget["total"][4:] == ["€6,000", "€500", "€5,500"]
    assert budget["said"] == "The grant pays €5,500 of these costs; the grantee bears its own share."


async def test_the_page_shows_asked_and_given_and_writes(cast, client):
    award = await a_cut_award(cast, [(4000, 0), (2400, 500)], 5500)
    await client.sign_in(cast.curator)
    url = f"/en/awards/{award.reference}/budget"
    text = (await client.get(url)).text
    assert (
        "The committee gave €5,500 of €5,900 asked for" in text and "Asked for: €2,400, of which €500 own share" in text
    )
    given = await filled(client, url)
    answer = await client.send_form(url, given | {"lines.0.amount": "4000", "lines.1.amount": "2100"})
    assert answer.status_code == 303
    assert told(await lines_of(award)) == [(4000, 0), (2100, 500)]
    text = (await client.get(url)).text
    assert "The lines of the budget take €5,600 from the grant; the grant is €5,500." in text
    answer = await client.send_form(url, await filled(client, url) | {"lines.1.own_share": "2200"})
    assert answer.status_code == 422 and "own share cannot be more" in answer.text
    text = (await client.get(f"/en/awards/{award.reference}")).text
    assert "asked: €2,400" in text and "€5,600 of €5,500 planned" in text


async def test_the_api_reads_and_writes_the_budget(cast, client):
    award = await a_cut_award(cast, [(4000, 0), (2400, 500)], 5500)
    await client.sign_in(cast.curator)
    at = f"/api/v1/awards/{award.reference}"
    lines = (await client.get(at)).json()["budget"]
    assert [(line["amount"], line["own_share"], line["asked"]) for line in lines] == [
        ("3728.81", "0.00", "4000.00"), ("2271.19", "500.00", "2400.00"),
    ]  # fmt: skip
    sent = [
        dict(id=line["id"], amount=amount, own_share=line["own_share"])
        for line, amount in zip(lines, ("3500", "2500"), strict=True)
    ]
    answer = await client.put(f"{at}/budget", json={"lines": sent})
    assert answer.status_code == 200 and [line["amount"] for line in answer.json()["budget"]] == ["3500.00", "2500.00"]
    assert told(await lines_of(award)) == [(3500, 0), (2500, 500)]


async def test_what_the_organisation_signs_shows_the_budget(cast, client):
    award = await an_award(cast, state="offered")
    await client.sign_in(cast.signatory)
    assert "Budget of the grant" in (await client.get(f"/en/awards/{award.reference}/signature")).text
    assert await value("SELECT count(*) FROM award_line WHERE award_id = $1", award.id) == 2


async def test_a_written_budget_is_in_the_history(cast):
    award = await a_cut_award(cast, [(4000, 0), (2400, 500)], 5500)
    lines = [dict(id=line.id, amount=line.amount, own_share=line.own_share) for line in await lines_of(award)]
    lines[0]["amount"] = D("3728.80")
    await actions.write_budget(award, cast.curator, forms.Budget.model_validate({"lines": lines}))
    [event] = await rows(
        "SELECT p.body FROM event e JOIN event_payload p USING (seq) WHERE e.name = 'award.budget_written'"
    )
    assert str(lines[0]["id"]) in str(event["body"]) and str(lines[1]["id"]) not in str(event["body"])
