"""The pages of reviewers, managers, the committee, and the applicant's own at the end."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from pypdf import PdfReader

from accounts.sessions import person_by_id
from foundation.clock import today
from foundation.database import Database, execute, get, rows, value
from grants.reviews import queries
from grants.reviews.tables import Review
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_decided_application, a_review, a_scored_application, minutes_say
from tests.cast import add_role
from tests.importing import importing
from tests.sheets import table

SOON = (today() + timedelta(days=10)).isoformat()
CANARY = "Zzyzx-canary"


def scores(call, points="10", comment="Because it is so.", **over):
    data = {}
    for criterion in call.criteria:
        data[f"scores.{criterion.id}.points"] = points
        data[f"scores.{criterion.id}.comment"] = comment
    return {**data, "comment": "Good.", "then": "stay", **over}


async def test_only_organisation_and_title_are_shown_before_the_declaration(cast, client):
    application = await an_application(cast, state="in_review", title_en="Youth centre", summary_en=CANARY)
    review = await a_review(cast, application, "invited")
    await client.sign_in(cast.reviewer)
    text = (await client.get(f"/en/reviews/{review.id}")).text
    assert "Youth centre" in text and "Vani Youth" in text and CANARY not in text and "4,000" not in text
    for path in ("scores", "lock"):
        await client.send_form(f"/en/reviews/{review.id}/{path}", {})
    assert CANARY not in (await client.get(f"/en/reviews/{review.id}")).text
    answer = await client.send_form(f"/en/reviews/{review.id}/declaration", {"conflict": "false"})
    assert answer.status_code == 303
    assert CANARY in (await client.get(f"/en/reviews/{review.id}")).text


async def test_a_conflict_closes_the_application(cast, client):
    application = await an_application(cast, state="in_review", summary_en=CANARY)
    review = await a_review(cast, application, "clear")
    await client.sign_in(cast.reviewer)
    assert CANARY in (await client.get(f"/en/reviews/{review.id}")).text
    silent = await client.send_form(f"/en/reviews/{review.id}/declaration", {"conflict": "true"})
    assert silent.status_code == 422 and CANARY not in silent.text
    said = await client.send_form(
        f"/en/reviews/{review.id}/declaration", {"conflict": "true", "declaration": "My sister works there."}
    )
    assert said.status_code == 303
    closed = (await client.get(f"/en/reviews/{review.id}")).text
    assert CANARY not in closed and "closed to you" in closed


async def test_a_reviewer_scores_saves_and_locks(cast, client):
    call = await a_call(cast, "evaluating")
    first = await a_review(cast, await an_application(cast, call, "in_review"), "clear")
    second = await a_review(
        cast, await an_application(cast, call, "in_review", organisation=cast.guria_women), "invited"
    )
    await client.sign_in(cast.reviewer)
    at = f"/en/reviews/{first.id}"
    wrong = await client.send_form(f"{at}/scores", scores(call, "17"))
    assert wrong.status_code == 422 and "Give at most 10 points." in wrong.text and 'value="17"' in wrong.text
    junk = await client.send_form(f"{at}/scores", scores(call, "many"))
    assert junk.status_code == 422 and 'value="many"' in junk.text
    saved = await client.send_form(f"{at}/scores", scores(call, "7,5"))
    assert saved.status_code == 303 and saved.headers["location"] == at
    assert 'value="7.5"' in (await client.get(at)).text
    onwards = await client.send_form(f"{at}/scores", scores(call, then="next"))
    assert onwards.headers["location"] == f"/en/reviews/{second.id}"
    check = await client.send_form(f"{at}/scores", scores(call, then="lock"))
    assert check.headers["location"] == f"{at}/lock"
    assert "60.0" in (await client.get(f"{at}/lock")).text
    locked = await client.send_form(f"{at}/lock")
    assert locked.headers["location"] == f"/en/reviews/{second.id}"
    shown = (await client.get(at)).text
    assert "Because it is so." in shown and "<textarea" not in shown
    assert (await client.get("/en/reviews")).text.count("1 of 2 reviews are locked") == 1


async def test_stale_scores_are_refused_and_kept(cast, client):
    call = await a_call(cast, "evaluating")
    review = await a_review(cast, await an_application(cast, call, "in_review"), "drafting")
    await client.sign_in(cast.reviewer)
    await client.send_form(f"/en/reviews/{review.id}/scores", scores(call, revision=review.revision))
    late = await client.send_form(
        f"/en/reviews/{review.id}/scores", scores(call, comment=CANARY, revision=review.revision)
    )
    assert late.status_code == 409 and CANARY in late.text


# peeking -----------------------------------------------------------------------------------------------------------


async def test_nobody_peeks_before_locking(cast, client):
    """A locked review's words and total reach no page or answer of the other reviewer until theirs is locked."""
    call = await a_call(cast, "evaluating", min_reviews=2)
    application = await an_application(cast, call, "in_review")
    locked = await a_review(cast, application, "locked", total="73.417", comment=CANARY)
    own = await a_review(cast, application, "drafting", cast.reviewer2)
    await client.sign_in(cast.reviewer2)
    urls = [
        "/en/reviews",
        f"/en/reviews/{own.id}",
        f"/en/reviews/{own.id}/lock",
        f"/en/reviews/{locked.id}",
        f"/en/calls/{call.reference}/ranking",
        f"/en/calls/{call.reference}/reviews",
        f"/en/applications/{application.number}",
        f"/en/applications/{application.number}/decision",
        f"/en/calls/{call.reference}/ranking/{application.number}",
        "/api/v1/reviews",
        f"/api/v1/reviews/{own.id}",
        f"/api/v1/reviews/{locked.id}",
        f"/api/v1/calls/{call.reference}/ranking",
        f"/api/v1/calls/{call.reference}/reviews",
        f"/api/v1/applications/{application.number}/decision",
        "/en/today",
    ]
    for url in urls:
        text = (await client.get(url)).text
        assert CANARY not in text and "73.4" not in text, url
    await client.send_form(f"/en/reviews/{own.id}/scores", scores(call, "5"))
    await client.send_form(f"/en/reviews/{own.id}/lock")
    assert CANARY in (await client.get(f"/en/reviews/{own.id}")).text
    assert CANARY in (await client.get(f"/api/v1/reviews/{own.id}")).text


async def test_a_chair_who_also_reviews_does_not_peek_either(cast, client):
    from accounts.sessions import person_by_id
    from tests.cast import add_role
    from tests.importing import importing

    call = await a_call(cast, "evaluating", min_reviews=1)
    application = await a_scored_application(cast, call, ("73.417",))
    async with importing():
        await add_role(cast.chair.id, "reviewer")
    both = await person_by_id(cast.chair.id)
    await a_review(cast, application, "drafting", both)
    await client.sign_in(both)
    (locked,) = await rows("SELECT id FROM review WHERE state = 'locked'")
    for url in (
        f"/en/calls/{call.reference}/ranking",
        f"/en/calls/{call.reference}/ranking/{application.number}",
        f"/en/reviews/{locked['id']}",
        f"/api/v1/calls/{call.reference}/ranking",
        f"/api/v1/reviews/{locked['id']}",
    ):
        answer = await client.get(url)
        assert answer.status_code == 200, url
        assert "73.4" not in answer.text and "Seen from" not in answer.text, url


async def test_a_draft_is_nobody_elses(cast, client):
    call = await a_call(cast, "evaluating")
    review = await a_review(cast, await an_application(cast, call, "in_review"), "drafting", comment=CANARY)
    for who in ("manager", "chair", "director", "auditor"):
        await client.sign_in(cast.people[who])
        assert CANARY not in (await client.get(f"/en/reviews/{review.id}")).text
        assert CANARY not in (await client.get(f"/api/v1/reviews/{review.id}")).text


# managing ----------------------------------------------------------------------------------------------------------


async def test_a_manager_assigns_as_suggested_and_by_hand(cast, client):
    call = await a_call(cast, "closed")
    first = await an_application(cast, call, "in_review")
    await an_application(cast, call, "in_review", organisation=cast.guria_women)
    await client.sign_in(cast.manager)
    at = f"/en/calls/{call.reference}/reviews"
    assert "2 reviewers are missing" in (await client.get(at)).text
    by_hand = {"reviewers": str(cast.reviewer.id), "due_on": SOON}
    wrong = await client.send_form(f"{at}/{first.number}", {**by_hand, "due_on": "2020-01-01"})
    assert wrong.status_code == 422 and 'value="2020-01-01"' in wrong.text
    assert (await client.send_form(f"{at}/{first.number}", {"due_on": SOON})).status_code == 422
    assert (await client.send_form(f"{at}/{first.number}", by_hand)).status_code == 303
    assert (await client.send_form(f"{at}/{first.number}", by_hand)).status_code == 409
    assert (await client.send_form(f"{at}/suggestion", {"due_on": SOON})).status_code == 303
    assert await value("SELECT count(*) FROM review") == 4
    assert "still lack reviewers" in (await client.send_form(f"/en/calls/{call.reference}/evaluation")).text
    for each in await rows("SELECT id, reviewer_id FROM review"):
        who = cast.reviewer if each["reviewer_id"] == cast.reviewer.id else cast.reviewer2
        await client.sign_in(who)
        await client.send_form(f"/en/reviews/{each['id']}/declaration", {"conflict": "false"})
    await client.sign_in(cast.manager)
    assert (await client.send_form(f"/en/calls/{call.reference}/evaluation")).status_code == 303
    assert await value("SELECT state FROM call WHERE id = $1", call.id) == "evaluating"


async def test_a_manager_replaces_and_the_chair_reopens(cast, client):
    call = await a_call(cast, "evaluating")
    application = await an_application(cast, call, "in_review")
    conflicted, locked = (
        await a_review(cast, application, "conflicted"),
        await a_review(cast, application, "locked", cast.reviewer2),
    )
    await client.sign_in(cast.manager)
    page = (await client.get(f"/en/reviews/{conflicted.id}")).text
    assert "She is my cousin." in page and "Replace the reviewer" in page
    assert (await client.send_form(f"/en/reviews/{conflicted.id}/replacement", {"reason": ""})).status_code == 422
    done = await client.send_form(f"/en/reviews/{conflicted.id}/replacement", {"reason": "Conflict of interest."})
    assert done.status_code == 303 and (await get(Review, conflicted.id)).state == "replaced"
    await client.sign_in(cast.chair)
    assert "Seen from Need." in (await client.get(f"/en/reviews/{locked.id}")).text
    again = await client.send_form(f"/en/reviews/{locked.id}/reopening", {"reason": "Points and words differ."})
    assert again.status_code == 303
    await client.sign_in(cast.reviewer2)
    assert "Points and words differ." in (await client.get(f"/en/reviews/{locked.id}")).text


# the committee -----------------------------------------------------------------------------------------------------


async def test_the_committee_decides_signs_and_finishes(cast, client):
    call = await a_call(cast, "evaluating", envelope="5000", max_award="5000")
    best = await a_scored_application(cast, call, (95, 60))
    worst = await a_scored_application(cast, call, (50, 40), organisation=cast.guria_women)
    await client.sign_in(cast.chair)
    at = f"/en/calls/{call.reference}"
    listed = (await client.get(f"{at}/ranking")).text
    assert "reviewers far apart" in listed and "money-ends" in listed and "77.5" in listed
    form = {"outcome": "approve", "amount": "3000", "reason": "It answers a real need."}
    empty = await client.send_form(f"{at}/ranking/{best.number}", {"outcome": "approve", "amount": "3000"})
    assert empty.status_code == 422 and 'href="#f-reason"' in empty.text
    much = await client.send_form(f"{at}/ranking/{best.number}", {**form, "amount": "4500"})
    assert much.status_code == 409 and "asked for €4,000" in much.text and "It answers a real need." in much.text
    assert (await client.send_form(f"{at}/ranking/{best.number}", form)).status_code == 303
    assert (await client.send_form(f"{at}/ranking/{worst.number}", {**form, "outcome": "reject"})).status_code == 303
    assert (await client.send_form(f"{at}/ranking/{worst.number}/removal")).status_code == 303
    await client.send_form(f"{at}/ranking/{worst.number}", {**form, "outcome": "reserve", "amount": "2000"})
    unsigned = await client.send_form(f"{at}/minutes/1/signature")
    assert unsigned.status_code == 409 and "who was present" in unsigned.text
    meeting = {"held_on": today().isoformat(), "present": "Five members", "text": "We read all.", "reserve_until": SOON}
    assert (await client.send_form(f"{at}/minutes/1", {**meeting, "held_on": "2999-01-01"})).status_code == 422
    assert (await client.send_form(f"{at}/minutes/1", meeting)).status_code == 303
    assert (await client.send_form(f"{at}/minutes/1/signature")).status_code == 303
    signed = (await client.get(f"{at}/minutes/1")).text
    assert "SHA-256" in signed and "Signed by Chair" in signed
    assert (await client.send_form(f"{at}/decision")).status_code == 303
    assert (await queries.decision_of(best)).outcome == "approve"
    await client.sign_in(cast.manager)
    promoted = await client.send_form(f"{at}/ranking/{worst.number}/promotion")
    assert promoted.status_code == 303
    assert await value("SELECT state FROM application WHERE id = $1", worst.id) == "recommended"
    assert (
        await client.send_form(f"{at}/evaluation-reopening", {"reason": "A complaint was upheld."})
    ).status_code == 303
    assert await value("SELECT state FROM call WHERE id = $1", best.call_id) == "evaluating"


async def test_minutes_on_paper_in_both_languages(cast, client):
    application = await a_decided_application(cast)
    call = application.call
    await client.sign_in(cast.auditor)
    for code, word in (("ka", "კომისიის"), ("en", "committee")):
        answer = await client.get(f"/{code}/calls/{call.reference}/minutes/1/minutes.pdf")
        assert answer.headers["content-type"] == "application/pdf"
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
        assert application.number in text and word in text


async def test_the_applicant_reads_outcome_scores_and_words_without_names(cast, client):
    application = await a_decided_application(cast, "reject", totals=(80, 70))
    await client.sign_in(cast.editor)
    text = (await client.get(f"/en/applications/{application.number}/decision")).text
    for words in ("did not select", "The need is shown", "Average: 75.0 of 100", "Seen from Need.", "A clear plan."):
        assert words in text, words
    assert "Reviewer" not in text.replace("2 reviewers read", "")
    undecided = await a_decided_application(cast, "approve", await a_call(cast, "evaluating"), signed=False)
    assert (await client.get(f"/en/applications/{undecided.number}/decision")).status_code == 404
    await client.sign_in(cast.other_editor)
    assert (await client.get(f"/en/applications/{application.number}/decision")).status_code == 404


async def test_lists_cost_the_same_for_one_and_for_many(cast, client):
    call = await a_call(cast, "evaluating")
    costs = []
    for n in (1, 3):
        for _one in range(n):
            organisation = cast.vani_youth
            application = await an_application(cast, call if n == 1 else await a_call(cast, "evaluating"), "in_review")
            assert organisation
            await a_review(cast, application, "locked")
            await a_review(cast, application, "drafting", cast.reviewer2)
        for who, url in (
            ("reviewer2", "/en/reviews"),
            ("chair", f"/en/calls/{call.reference}/ranking"),
            ("manager", f"/en/calls/{call.reference}/reviews"),
        ):
            await client.sign_in(cast.people[who])
            before = Database.statements
            assert (await client.get(url)).status_code == 200
            costs.append(Database.statements - before)
    assert costs[:3] == costs[3:]


async def test_pages_of_an_application_lead_to_its_decision(cast, client):
    application = await a_decided_application(cast, "reject")
    where, ranking = f"/en/applications/{application.number}/decision", f"/ranking/{application.number}"
    for who, ranks in (("editor", False), ("curator", False), ("chair", True)):
        await client.sign_in(cast.people[who])
        text = (await client.get(f"/en/applications/{application.number}")).text
        assert where in text and (ranking in text) is ranks, who
    waiting = await a_scored_application(cast)
    await client.sign_in(cast.editor)
    text = (await client.get(f"/en/applications/{waiting.number}")).text
    assert "/decision" not in text and "All reviews are in" not in text


async def test_the_ranking_leaves_as_a_sheet_without_scores_one_may_not_see(cast, client):
    call = await a_call(cast, "evaluating")
    application = await a_scored_application(cast, call)
    await client.sign_in(cast.chair)
    sheet = await client.get(f"/en/calls/{call.reference}/ranking.csv")
    assert sheet.status_code == 200 and sheet.headers["content-type"].startswith("text/csv")
    assert application.number in sheet.text and "Review 1" in sheet.text
    book = await client.get(f"/en/calls/{call.reference}/ranking.xlsx")
    assert book.status_code == 200 and book.content[:2] == b"PK"


async def test_the_sheet_of_the_ranking_tells_each_application_whole(cast, client):
    """A column for every review that any of them has; whoever may not see the scores yet finds none in the file."""
    call = await a_call(cast, "evaluating")
    best = await a_scored_application(cast, call, (90, 70), requested=Decimal(4000))
    await minutes_say(cast, best, "approve", signed=False, amount=3500)
    second = await a_scored_application(cast, call, (60,), requested=Decimal(2000), organisation=cast.guria_women)
    await client.sign_in(cast.chair)
    sheet = await client.get(f"/en/calls/{call.reference}/ranking.csv")
    told = table(sheet.content)
    lines = told.rows
    assert told.heads == [
        "Rank", "Number", "Title", "Organisation", "Municipality", "Asked", "Currency", "Score", "Spread", "Review 1",
        "Review 2", "Running sum", "Decision", "Amount", "State",
    ]  # fmt: skip
    assert lines == [
        ["1", best.number, best.title_en, "Vani Youth", "Vani", "4000.00", "EUR", "80", "20", "70", "90",
         "3500.00", "approve", "3500.00", "scored"],
        ["2", second.number, second.title_en, "Guria Women", "Ozurgeti", "2000.00", "EUR", "60", "0", "60", "",
         "5500.00", "", "", "scored"],
    ]  # fmt: skip
    async with importing():
        await add_role(cast.chair.id, "reviewer")
        await execute("UPDATE application SET municipality_id = NULL WHERE id = $1", second.id)
    await a_review(cast, second, "drafting", await person_by_id(cast.chair.id))
    await client.sign_in(await person_by_id(cast.chair.id))
    sheet = await client.get(f"/en/calls/{call.reference}/ranking.csv")
    (hidden,) = [line for line in csv.reader(io.StringIO(sheet.text)) if second.number in line]
    assert hidden[4:12] == ["", "2000.00", "EUR", "", "", "", "", ""]


async def test_the_line_stands_only_where_money_ends(cast, client):
    call = await a_call(cast, "evaluating")
    await a_scored_application(cast, call)
    await client.sign_in(cast.chair)
    shown = (await client.get(f"/en/calls/{call.reference}/ranking")).text
    assert "The money ends here." not in shown and "The money lasts for all" in shown


async def test_what_stands_in_the_fields_is_signed_too(cast, client):
    call = await a_call(cast, "evaluating")
    application = await a_scored_application(cast, call)
    await client.sign_in(cast.chair)
    at = f"/en/calls/{call.reference}"
    await client.send_form(f"{at}/minutes")
    decided = {"outcome": "approve", "amount": str(application.requested), "reason": "Well thought."}
    assert (await client.send_form(f"{at}/ranking/{application.number}", decided)).status_code == 303
    meeting = {"held_on": today().isoformat(), "present": "", "text": "Discussed."}
    kept = await client.send_form(f"{at}/minutes/1/signature", meeting)
    assert kept.status_code == 409 and "Discussed." in kept.text
    meeting["present"] = "Five members"
    assert (await client.send_form(f"{at}/minutes/1/signature", meeting)).status_code == 303
