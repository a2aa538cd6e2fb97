"""Which reports are found by whom and in which order, what falls due when, and who reads what in which letter."""

from datetime import timedelta
from decimal import Decimal

import pytest

from foundation.clock import now, today
from foundation.database import execute, insert, row, rows, value
from lifecycle.notices import handle_events
from monitoring.reports import forms, notices, queries, transitions
from monitoring.reports.lifecycle import State
from monitoring.reports.tables import ReportReturn
from tests.builders.awards import an_award, an_upload
from tests.builders.reports import a_report, the_value
from tests.importing import importing


def day(n):
    return today() + timedelta(days=n)


def ids(found):
    return [each.id for each in found]


async def test_a_report_is_found_by_its_grant_and_number_by_those_who_see_the_grant(cast):
    award, other = await an_award(cast), await an_award(cast, organisation=cast.guria_women)
    first, second = await a_report(cast, award), await a_report(cast, award, number=2)
    await a_report(cast, other)
    for number, report in ((1, first), (2, second)):
        assert (await queries.by_number(cast.curator, award.reference, number)).id == report.id
        assert (await queries.by_id(report.id)).number == number
    for who, reference in ((cast.other_editor, award.reference), (cast.curator2, award.reference)):
        assert await queries.by_number(who, reference, 1) is None
    assert await queries.by_number(cast.curator, award.reference, 3) is None
    assert await queries.by_number(cast.curator, other.reference, 1) is None
    assert ids(await queries.of_award(award.id)) == [first.id, second.id]


async def test_what_was_sent_back_stands_newest_first_with_who_wrote_it(cast):
    report, other = await a_report(cast, state="returned"), await a_report(cast, state="returned")
    async with importing():
        older = await insert(
            ReportReturn, report_id=report.id, sections=["story"], reason="Earlier", author_id=cast.curator2.id,
            at=now() - timedelta(days=9),
        )  # fmt: skip
    found = await queries.returns_of(report)
    assert [(each["author"], each["reason"]) for each in found] == [
        (cast.curator.name, "Attendance lists are missing"), (cast.curator2.name, "Earlier"),
    ]  # fmt: skip
    assert older.id and len(await queries.returns_of(other)) == 1


async def test_it_names_those_who_had_a_hand_in_it(cast):
    accepted, opened = await a_report(cast, state="accepted"), await a_report(cast)
    people = (cast.signatory, cast.curator, cast.manager, cast.finance)
    assert await queries.names_of(accepted) == {each.id: each.name for each in people}
    assert await queries.names_of(opened) == {}


async def test_a_file_belongs_to_the_report_it_hangs_on(cast):
    """To a value, to what was spent, or to the whole of it."""
    award = await an_award(cast)
    report, other = await a_report(cast, award), await a_report(cast, award, number=2)
    loose = await an_upload(cast.signatory, "poster.pdf")
    async with importing():
        await execute("INSERT INTO report_document (report_id, upload_id) VALUES ($1, $2)", report.id, loose.id)
    proof = await value("SELECT upload_id FROM value_evidence WHERE value_id = $1", (await the_value(report)).id)
    receipt = await value(
        "SELECT e.upload_id FROM spending_evidence e JOIN spending_line s ON s.id = e.spending_line_id"
        " WHERE s.report_id = $1 LIMIT 1", report.id,
    )  # fmt: skip
    for upload in (loose.id, proof, receipt):
        assert await queries.file_of(report, upload) == upload and await queries.file_of(other, upload) is None


async def test_what_was_spent_before_is_of_the_reports_before(cast):
    award = await an_award(cast)
    first = await a_report(cast, award, "accepted", spent=Decimal(100))
    second = await a_report(cast, award, "open", number=2, spent=Decimal(70))
    assert (await queries.spent_so_far(first))["before"] == 0
    assert (await queries.spent_so_far(second))["before"] == 200


# what falls due -----------------------------------------------------------------------------------------------------


async def test_a_running_grant_without_its_reports_gets_them(cast):
    """Not one from the sources, nor one that has ended, nor one that has them all."""
    lacking, half, whole = [await an_award(cast) for _ in range(3)]
    await an_award(cast, state="closed")
    async with importing():
        await execute("ALTER TABLE award DISABLE TRIGGER USER")
        await execute("UPDATE award SET source = 'page' WHERE id = $1", (await an_award(cast)).id)
        await execute("ALTER TABLE award ENABLE TRIGGER USER")
    await a_report(cast, half, "scheduled")
    for number in (1, 2):
        await a_report(cast, whole, "scheduled", number=number)
    assert set(await queries.unscheduled()) == {lacking.id, half.id}
    await notices.schedule_what_is_missing()
    assert await queries.unscheduled() == []
    assert [len(await queries.of_award(each.id)) for each in (lacking, half, whole)] == [2, 2, 2]


async def test_a_scheduled_report_of_a_grant_that_goes_on_is_opened_in_time(cast):
    ended = await an_award(cast, state="terminated")
    due, later = [await a_report(cast, await an_award(cast), "scheduled") for _ in range(2)]
    opened = await a_report(cast, await an_award(cast))
    gone = await a_report(cast, ended, "scheduled")
    async with importing():
        for report, n in ((due, 14), (later, 15), (opened, 1), (gone, 1)):
            await execute(
                "UPDATE report_due SET period_to = $2::date, due_on = $2::date + 30 WHERE id = $1",
                report.report_due_id,
                day(n),
            )
    assert ids(await queries.to_open(14)) == [due.id]


@pytest.mark.parametrize("state", list(State))
async def test_who_writes_is_reminded_within_a_week(cast, state):
    report = await a_report(cast, state=state)
    for n, near in ((8, False), (7, True), (-1, True)):
        async with importing():
            await execute("UPDATE report_due SET due_on = $2 WHERE id = $1", report.report_due_id, day(n))
        expected = [report.id] if near and state in ("open", "returned") else []
        assert ids(await queries.to_remind()) == expected, n


# what the steps leave behind ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "who", "do"), [
    ("verified", "manager", lambda report, who: transitions.send_back(report, who, "Look again")),
    ("accepted", "director", lambda report, who: transitions.reopen(report, who, "An audit")),
])  # fmt: skip
async def test_a_report_that_goes_back_has_nobodys_word_any_more(cast, state, who, do):
    report = await a_report(cast, state=state, spent=0)
    if state == "verified":
        await transitions.agree(report, cast.finance)
    await do(report, cast.people[who])
    kept = dict(await row("SELECT * FROM report WHERE id = $1", report.id))
    assert kept["state"] == "under_review"
    assert {name: kept[name] for name in transitions.NOTHING_AGREED if kept[name] is not None} == {}


async def test_a_report_that_cost_nothing_leaves_no_entry_in_the_ledger(cast):
    report = await a_report(cast, state="verified", spent=0)
    await transitions.agree(report, cast.manager)
    await transitions.agree(report, cast.finance)
    assert (report.state, report.accepted_cost) == ("accepted", 0)
    assert (
        await rows("SELECT 1 FROM ledger_entry WHERE award_id = $1 AND kind = 'accepted_cost'", report.award_id) == []
    )
    about = transitions.cost_of(report.award_reference, report.number)
    assert about == f"report:{report.award_reference}/1"


# letters ------------------------------------------------------------------------------------------------------------


async def letters_of(do):
    before = {each["id"] for each in await rows("SELECT id FROM mail")}
    await do
    await handle_events()
    sent = await rows("SELECT id, to_address, subject, body FROM mail ORDER BY id")
    return {each["to_address"].partition("@")[0]: each for each in sent if each["id"] not in before}


THEIRS = {"editor", "signatory"}
RETURN = forms.Return(sections=["story"], reason="Tell more")


@pytest.mark.parametrize(
    ("state", "who", "do", "to", "subject", "words"),
    [
        ("under_review", "curator", lambda one, who: transitions.return_for_correction(one, who, RETURN), THEIRS,
         "needs a correction", "Tell more"),
        ("under_review", "curator", lambda one, who: transitions.verify(one, who), {"manager", "finance"},
         "is verified", "a manager and finance"),
        ("open", "manager", lambda one, who: transitions.waive(one, who, "It ends"), THEIRS, "is not needed", "It ends"),
        ("returned", "manager", lambda one, who: transitions.lapse(one, who, "No answer"), THEIRS, "has lapsed",
         "No answer"),
    ],
)  # fmt: skip
async def test_who_has_to_know_gets_a_letter_that_leads_to_the_report(cast, state, who, do, to, subject, words):
    await execute("UPDATE account SET language = 'en'")
    report = await a_report(cast, state=state, spent=0)
    async with importing():
        await execute("UPDATE spending_line SET accepted = 0 WHERE report_id = $1", report.id)
    sent = await letters_of(do(report, cast.people[who]))
    assert set(sent) == to
    for letter in sent.values():
        assert subject in letter["subject"] and words in letter["body"]
        assert f"/reports/{report.award_reference}/1" in letter["body"]


@pytest.mark.parametrize(("n", "subject", "words"), [
    (1, "is due soon", "is due on"), (0, "is due soon", "is due on"),
    (-1, "is late", "was due on"),
])  # fmt: skip
async def test_a_reminder_says_whether_the_day_has_passed(cast, n, subject, words):
    await execute("UPDATE account SET language = 'en'")
    report = await a_report(cast)
    async with importing():
        await execute("UPDATE report_due SET due_on = $2 WHERE id = $1", report.report_due_id, day(n))
    sent = await letters_of(notices.remind())
    assert set(sent) == THEIRS
    assert all(subject in each["subject"] and words in each["body"] for each in sent.values())


async def test_a_report_of_a_grant_of_no_known_place_tells_no_curator(cast):
    report = await a_report(cast, state="waived")
    async with importing():
        await execute("ALTER TABLE award DISABLE TRIGGER USER")
        await execute("UPDATE award SET municipality_id = NULL, source = 'page' WHERE id = $1", report.award_id)
        await execute("ALTER TABLE award ENABLE TRIGGER USER")
    assert (await queries.by_id(report.id)).municipality_id is None
    assert await letters_of(notices.tell_the_curator(await an_event(report, "report.submitted"))) == {}


async def an_event(report, name):
    from accounts.person import SYSTEM
    from lifecycle.record import history_of, record

    await record(name, SYSTEM, report)
    return (await history_of(report))[-1]
