"""The pages of awards: what they show to whom, forms that come back as typed, refusals on the same page."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from foundation.clock import today
from foundation.database import DB, execute, get, value
from grants.awards import queries
from grants.awards.lifecycle import State
from grants.awards.listing import APPROVALS
from grants.awards.tables import Award
from grants.calls.tables import Call
from tests.builders.awards import a_bank_account, a_decided_call, a_final_report, a_recommended_application, an_award
from tests.builders.uploads import a_pdf, an_upload
from tests.sheets import table

CODES = ("ka", "en")


def terms(**over):
    given = {
        "title_ka": "ღია ბიუჯეტი", "title_en": "Open budget", "starts_on": str(today()),
        "ends_on": str(today() + timedelta(days=180)), "offer_expires_on": str(today() + timedelta(days=20)),
        "agreement_language": "both", "prevailing_language": "ka",
    }  # fmt: skip
    return {name: text for name, text in (given | over).items() if text is not None}


# approvals -----------------------------------------------------------------------------------------------------


async def test_the_director_approves_from_the_page(cast, client):
    application = await a_recommended_application(cast, Decimal("5400"), requested=Decimal("6000"))
    await client.sign_in(cast.director)
    listed = await client.get("/en/approvals")
    assert application.number in listed.text and "€5,400" in listed.text
    shown = await client.get(f"/en/approvals/{application.number}")
    assert "Approve €5,400" in shown.text and "80.0 of 100, by 2 reviewers" in shown.text
    answer = await client.send_form(f"/en/approvals/{application.number}/approval")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/en/awards/G-{today().year}-001")


async def test_what_waits_for_the_director_is_searched_sorted_and_paged(cast, client):
    small = await a_recommended_application(cast, requested=Decimal("2000"))
    large = await a_recommended_application(
        cast, call=await get(Call, small.call_id), requested=Decimal("5000"), organisation=cast.guria_women
    )
    await client.sign_in(cast.director)

    async def found(**query):
        text = (await client.get("/en/approvals", params=query)).text
        return sorted((n for n in (small.number, large.number) if f"/approvals/{n}" in text), key=text.index)

    assert await found(sort="requested") == [small.number, large.number]
    assert await found(sort="-requested") == [large.number, small.number]
    assert await found(q=large.number) == [large.number]
    assert await found(q="no such words") == [] and await found(page="2") == []
    assert "Nothing matches" in (await client.get("/en/approvals", params={"q": "no such words"})).text
    for sort in APPROVALS.sorts:
        assert len(await found(sort=sort)) == 2


async def test_what_waits_for_the_director_stands_by_call(cast, client):
    """The older call first, and it is found by the reference of its call."""
    waiting = [
        await a_recommended_application(cast, call=await a_decided_call(cast, reference=reference))
        for reference in ("C-2026-02", "C-2026-01", "C-2026-03")
    ]
    await client.sign_in(cast.auditor)

    async def found(query=""):
        return re.findall(r'href="/en/approvals/(A-\w+)"', (await client.get(f"/en/approvals{query}")).text)

    assert list(dict.fromkeys(await found())) == [waiting[n].number for n in (1, 0, 2)]
    assert set(await found("?q=2026-03")) == {waiting[2].number}


async def test_a_refusal_wants_a_reason_and_keeps_what_was_typed(cast, client):
    application = await a_recommended_application(cast)
    await client.sign_in(cast.director)
    url = f"/en/approvals/{application.number}/rejection"
    answer = await client.send_form(url, {"reason": "x"})
    assert answer.status_code == 422 and ">\nx</textarea>" in answer.text
    assert (await client.send_form(url, {"reason": "Financed twice"})).status_code == 303
    assert await value("SELECT state FROM application WHERE id = $1", application.id) == "rejected"


async def test_a_full_envelope_is_said_in_words(cast, client):
    award = await an_award(cast, amount=Decimal("60000"))
    await execute("UPDATE call SET envelope = 60000 WHERE id = $1", award.call_id)
    call = await get(Call, award.call_id)
    application = await a_recommended_application(cast, call=call, organisation=cast.guria_women)
    await client.sign_in(cast.director)
    assert "The envelope has no room" in (await client.get(f"/en/approvals/{application.number}")).text
    answer = await client.send_form(f"/en/approvals/{application.number}/approval")
    assert answer.status_code == 409 and "has no room for this grant" in answer.text


# the list ------------------------------------------------------------------------------------------------------


async def test_each_sees_the_awards_that_concern_them(cast, client):
    own = (await an_award(cast)).reference
    other = (await an_award(cast, organisation=cast.guria_women)).reference
    for who, expected in (
        ("curator", {own}), ("curator2", {other}), ("manager", {own, other}), ("signatory", {own}),
        ("editor", {own}), ("donor", set()), ("reviewer", set()), ("chair", set()),
    ):  # fmt: skip
        await client.sign_in(cast.people[who])
        text = (await client.get("/en/awards")).text
        assert {reference for reference in (own, other) if reference in text} == expected, who


async def test_the_list_is_ones_own_or_everybodys(cast, client):
    """Who looks over the grants of others narrows them by call and place; a call without a grant is no choice."""
    own, other = await an_award(cast), await an_award(cast, organisation=cast.guria_women)
    references = [await value("SELECT reference FROM call WHERE id = $1", each.call_id) for each in (own, other)]
    await a_decided_call(cast)
    for who, heading, calls in (
        ("manager", "Agreements", set(references)), ("auditor", "Agreements", set(references)),
        ("curator", "Agreements", {references[0]}), ("signatory", "My grants", set()),
    ):  # fmt: skip
        await client.sign_in(cast.people[who])
        text = (await client.get("/en/awards")).text
        assert re.search(r"<h1[^>]*>\s*([^<]+?)\s*</h1>", text)[1] == heading, who
        assert set(re.findall(r'<option value="(C-\w+)"', text)) == calls, who


async def test_search_filter_sort_and_file(cast, client):
    one = await an_award(
        cast, state="active", amount=Decimal("9000"), title_en="Street lights", title_ka="ქუჩის განათება"
    )
    two = await an_award(cast, state="suspended", amount=Decimal("4000"), organisation=cast.guria_women)
    await client.sign_in(cast.manager)

    async def found(query):
        text = (await client.get(f"/en/awards?{query}")).text
        return [a.reference for a in sorted((one, two), key=lambda a: text.find(a.reference)) if a.reference in text]

    assert await found("q=street") == [one.reference]
    assert await found("q=%25") == []
    assert await found("state=suspended") == [two.reference]
    assert await found("municipality=vani") == [one.reference]
    assert await found("sort=amount") == [two.reference, one.reference]
    assert await found("sort=-amount") == [one.reference, two.reference]
    sheet = await client.get("/en/awards.csv?state=active")
    assert len(table(sheet.content).rows) == 1 and "Street lights" in sheet.text and two.reference not in sheet.text


async def test_an_empty_list_says_why(cast, client):
    await client.sign_in(cast.manager)
    assert "No grants yet" in (await client.get("/en/awards")).text
    assert "Nothing matches" in (await client.get("/en/awards?q=zzz")).text


async def test_lists_cost_the_same_for_one_and_for_three(cast, client):
    await client.sign_in(cast.manager)

    async def cost():
        await client.get("/en/awards")
        before = DB.statements
        assert (await client.get("/en/awards")).status_code == 200
        return DB.statements - before

    await an_award(cast)
    one = await cost()
    await an_award(cast)
    await an_award(cast, organisation=cast.guria_women)
    assert await cost() == one


# drafting ------------------------------------------------------------------------------------------------------


async def test_the_draft_is_a_list_of_tasks_that_fills_up(cast, client):
    award = await an_award(cast, state="drafting", offer_expires_on=None)
    await client.sign_in(cast.curator)
    shown = await client.get(f"/en/awards/{award.reference}")
    assert "Enter the dates of the grant" in shown.text and "Offer the agreement</button>" not in shown.text
    answer = await client.send_form(f"/en/awards/{award.reference}/terms", terms(revision=str(award.revision)))
    assert answer.status_code == 303
    shown = await client.get(f"/en/awards/{award.reference}")
    assert "Everything is there. The director offers the agreement." in shown.text
    await client.sign_in(cast.director)
    assert "Offer the agreement</button>" in (await client.get(f"/en/awards/{award.reference}")).text
    assert (await client.send_form(f"/en/awards/{award.reference}/offer")).status_code == 303


async def test_terms_with_errors_come_back_as_typed(cast, client):
    award = await an_award(cast, state="drafting")
    await client.sign_in(cast.curator)
    url = f"/en/awards/{award.reference}/terms"
    answer = await client.send_form(url, terms(starts_on="tomorrow", title_en="Kept"))
    assert answer.status_code == 422 and 'value="tomorrow"' in answer.text and 'value="Kept"' in answer.text
    assert 'href="#f-starts_on"' in answer.text
    answer = await client.send_form(url, terms(ends_on=str(today() - timedelta(days=1))))
    assert answer.status_code == 422 and "The end must not be before the start." in answer.text
    answer = await client.send_form(url, terms(agreement_language="en", prevailing_language="ka"))
    assert answer.status_code == 422 and "The prevailing language must be one" in answer.text


async def test_two_people_do_not_overwrite_each_other(cast, client):
    award = await an_award(cast, state="drafting")
    await client.sign_in(cast.curator)
    url = f"/en/awards/{award.reference}/terms"
    seen = str(award.revision)
    assert (await client.send_form(url, terms(revision=seen))).status_code == 303
    answer = await client.send_form(url, terms(revision=seen, title_en="Mine"))
    assert answer.status_code == 409 and "Somebody else changed this" in answer.text and 'value="Mine"' in answer.text


def calendar(award, *periods):
    given = {}
    for n, (kind, since, until) in enumerate(periods):
        start, end = award.starts_on + timedelta(days=since), award.starts_on + timedelta(days=until)
        given |= {
            f"reports.{n}.kind": kind, f"reports.{n}.period_from": str(start), f"reports.{n}.period_to": str(end),
            f"reports.{n}.due_on": str(end + timedelta(days=30)),
        }  # fmt: skip
    return given


async def test_the_calendar_is_proposed_written_and_checked(cast, client):
    award = await an_award(cast, state="drafting", tranches=[])
    await execute("DELETE FROM report_due WHERE award_id = $1", award.id)
    await client.sign_in(cast.curator)
    url = f"/en/awards/{award.reference}/calendar"
    assert "This is a proposal" in (await client.get(url)).text
    answer = await client.send_form(url, calendar(award, ("interim", 0, 90), ("final", 80, 180)))
    assert answer.status_code == 409 and "overlap" in answer.text
    answer = await client.send_form(url, calendar(award, ("interim", 90, 0)))
    assert answer.status_code == 422 and "The end must not be before the start." in answer.text
    # a row left empty in the middle does not matter
    rows = calendar(award, ("interim", 0, 90), ("interim", 91, 100), ("final", 101, 180))
    rows |= {name: "" for name in rows if name.startswith("reports.1.") and not name.endswith("kind")}
    assert (await client.send_form(url, rows)).status_code == 303
    assert [(due.number, due.kind) for due in await queries.calendar_of(award)] == [(1, "interim"), (2, "final")]


async def test_the_draft_is_read_as_pdf(cast, client):
    award = await an_award(cast, state="drafting")
    await client.sign_in(cast.curator)
    answer = await client.get(f"/ka/awards/{award.reference}/draft.pdf")
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF-")


async def test_the_grantee_does_not_read_the_draft(cast, client):
    award = await an_award(cast, state="drafting", special_conditions_en="Secret so far")
    await client.sign_in(cast.signatory)
    shown = await client.get(f"/en/awards/{award.reference}")
    assert "The agreement is being prepared" in shown.text
    assert "Tranche 1" not in shown.text and "Secret so far" not in shown.text
    assert (await client.get(f"/en/awards/{award.reference}/tranches/1")).status_code == 404


# offer to closing ----------------------------------------------------------------------------------------------


async def test_an_offer_that_is_not_ready_is_refused_on_the_page(cast, client):
    award = await an_award(cast, state="drafting", tranches=[Decimal("10")])
    await client.sign_in(cast.director)
    answer = await client.send_form(f"/en/awards/{award.reference}/offer")
    assert answer.status_code == 409 and "The tranches add up to €10; the grant is €6,000." in answer.text


async def test_signing_sends_a_scan(cast, client):
    award = await an_award(cast, state="offered")
    await a_bank_account(cast)
    await client.sign_in(cast.signatory)
    url = f"/en/awards/{award.reference}/signature"
    assert (await client.get(url)).status_code == 200
    missing = await client.send_form(url, files={"scan": ("", b"")})
    assert missing.status_code == 422 and "Choose a file." in missing.text
    odd = await client.send_form(url, files={"scan": ("a.pdf", b"not a pdf", "application/pdf")})
    assert odd.status_code == 422
    signed = await client.send_form(url, files={"scan": ("signed.pdf", a_pdf(), "application/pdf")})
    assert signed.status_code == 303
    assert (await get(Award, award.id)).state == "signed_cso"
    scan = await client.get(f"/en/awards/{award.reference}/agreements/1/cso")
    assert scan.content.startswith(b"%PDF-") and "attachment" in scan.headers["content-disposition"]


async def test_signing_without_an_account_says_what_to_do(cast, client):
    award = await an_award(cast, state="offered")
    await client.sign_in(cast.signatory)
    scan = {"scan": ("signed.pdf", a_pdf(), "application/pdf")}
    answer = await client.send_form(f"/en/awards/{award.reference}/signature", files=scan)
    assert answer.status_code == 409 and "First enter the bank account" in answer.text


async def test_the_director_countersigns_with_or_without_a_scan(cast, client):
    award = await an_award(cast, state="signed_cso")
    await client.sign_in(cast.director)
    url = f"/en/awards/{award.reference}/countersignature"
    assert (await client.get(url)).status_code == 200
    assert (await client.send_form(url, files={"scan": ("", b"")})).status_code == 303
    assert (await get(Award, award.id)).state == "active"
    again = await client.get(url)
    assert again.status_code == 409


@pytest.mark.parametrize(("state", "noun", "who", "after"), [
    ("offered", "change-request", "signatory", "drafting"), ("offered", "refusal", "signatory", "declined"),
    ("drafting", "withdrawal", "director", "withdrawn_by_funder"), ("signed_cso", "return", "director", "drafting"),
    ("active", "suspension", "director", "suspended"), ("suspended", "resumption", "director", "active"),
    ("active", "termination", "director", "terminated"),
])  # fmt: skip
async def test_moves_with_a_reason(state, noun, who, after, cast, client):
    award = await an_award(cast, state=state)
    await client.sign_in(cast.people[who])
    url = f"/en/awards/{award.reference}/{noun}"
    assert noun in (await client.get(f"/en/awards/{award.reference}")).text
    assert "Reason" in (await client.get(url)).text
    assert (await client.send_form(url, {"reason": " "})).status_code == 422
    assert (await client.send_form(url, {"reason": "Because of something"})).status_code == 303
    assert (await get(Award, award.id)).state == after
    assert "Because of something" in (await client.get(f"/en/awards/{award.reference}")).text


async def test_closing_by_two_from_the_page(cast, client):
    award = await an_award(cast, state="closing")
    await a_final_report(cast, award)
    for who in ("manager", "finance"):
        await client.sign_in(cast.people[who])
        assert "Agree to close the grant" in (await client.get(f"/en/awards/{award.reference}")).text
        assert (await client.send_form(f"/en/awards/{award.reference}/closure")).status_code == 303
    assert (await get(Award, award.id)).state == "closed"


async def test_a_document_is_as_visible_as_its_award(cast, client):
    award = await an_award(cast, state="offered")
    await an_upload(cast.director)
    await client.sign_in(cast.other_signatory)
    for path in ("", "/agreements/1", "/tranches", "/signature"):
        assert (await client.get(f"/en/awards/{award.reference}{path}")).status_code == 404


@pytest.mark.parametrize("code", CODES)
async def test_every_state_is_shown_in_both_languages(code, cast, client):
    for state in State:
        award = await an_award(cast, state=state)
        for who in ("director", "curator", "signatory", "auditor", "finance"):
            await client.sign_in(cast.people[who])
            answer = await client.get(f"/{code}/awards/{award.reference}")
            assert answer.status_code == 200 and answer.text.count("<h1") == 1, (state, who)


async def test_whoever_comes_second_keeps_their_words_and_reads_who_was_quicker(cast, client):
    award = await an_award(cast)
    await client.sign_in(cast.director)
    url = f"/en/awards/{award.reference}/suspension"
    assert (await client.send_form(url, {"reason": "A report is missing"})).status_code == 303
    again = await client.send_form(url, {"reason": "Words I typed meanwhile"})
    assert again.status_code == 409
    assert "Words I typed meanwhile" in again.text
    assert f"The grant was suspended ({cast.director.name}, " in again.text
    asked = await client.get(url)
    assert asked.status_code == 409 and "The grant was suspended" in asked.text


async def test_an_operation_refuses_an_unknown_field_and_whoever_may_not_before_reading_anything(cast, client):
    award = await an_award(cast)
    url = f"/api/v1/awards/{award.reference}/suspension"
    await client.sign_in(cast.manager)
    assert (await client.post(url, json={"nonsense": 1})).status_code == 403
    await client.sign_in(cast.director)
    answer = await client.post(url, json={"reason": "A report is missing", "nonsense": 1})
    assert answer.status_code == 422 and set(answer.json()["errors"]) == {"nonsense"}
