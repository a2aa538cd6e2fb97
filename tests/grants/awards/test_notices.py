"""Letters after what happens to a grant: to whom each goes, in whose language, with which figures; and the clock."""

from datetime import date, timedelta

from foundation.clock import clock_at, now, today
from foundation.database import execute, get, rows, transaction, value
from foundation.language import day, speaking
from grants.applications.tables import Application
from grants.awards import approvals, notices, queries, transitions
from grants.awards.queries import recommendation_of
from grants.awards.tables import Award
from lifecycle.notices import handle_events
from lifecycle.record import record
from tests.builders.awards import a_recommended_application, an_award
from tests.importing import importing

STAFF, ORGANISATION = {"curator", "director"}, {"editor", "signatory"}
CONCERNED = ORGANISATION | {"curator"}


async def letters() -> dict[str, list[tuple[str, str]]]:
    """Subject and body by who gets them, after the worker has followed up every event."""
    await handle_events()
    assert await value("SELECT count(*) FROM event_job WHERE event_job_is_failed(state)") == 0
    found: dict[str, list[tuple[str, str]]] = {}
    for each in await rows("SELECT * FROM mail ORDER BY subject"):
        found.setdefault(each["to_address"].split("@")[0], []).append((each["subject"], each["body"]))
    return found


async def english(*names: str) -> None:
    emails = [f"{name}@example.org" for name in names]
    await execute("UPDATE account SET language = 'en' WHERE email::text = ANY($1) OR $1 = '{}'", emails)


def in_english(each: date) -> str:
    with speaking("en"):
        return day(each)


TOLD = [
    ("award.drafted", ORGANISATION, "Your grant is approved: Clubs", "a grant of €6,000 for “Clubs”"),
    ("award.offered", ORGANISATION, "Agreement for signature: {r}", "for €6,000 is offered to you"),
    ("award.signed", {"director"}, "For your countersignature: {r}", "Vani Youth signed the agreement"),
    ("award.change_asked", STAFF, "A change is asked: {r}", "Vani Youth asks for a change"),
    ("award.declined", STAFF, "Grant declined: {r}", "“Clubs”; €6,000 go back to the call"),
    ("award.activated", CONCERNED, "The grant is active: {r}", "agreement for “Clubs” for €6,000"),
    ("award.returned", CONCERNED, "The agreement is drafted again: {r}", "“Clubs” has an error"),
    ("award.withdrawn_by_funder", CONCERNED, "The grant was withdrawn: {r}", "“Clubs” before"),
    ("award.suspended", CONCERNED, "The grant is suspended: {r}", "“Clubs” is suspended"),
    ("award.resumed", CONCERNED, "The grant has resumed: {r}", "grant for “Clubs” is lifted"),
    ("award.ended", CONCERNED, "The end date has passed: {r}", "“Clubs” ended on {end}"),
    ("award.terminated", CONCERNED, "The grant was terminated: {r}", "agreement for “Clubs” ends"),
    ("award.closed", CONCERNED, "The grant is closed: {r}", "Thank you for your work"),
    ("award.settled", CONCERNED, "The grant is closed: {r}", "“Clubs” are complete, and it is closed"),
    ("award.reopened", CONCERNED, "The grant is open again: {r}", "will be closed once more"),
    ("award.settlement_reopened", CONCERNED, "The grant is open again: {r}", "will be closed once more"),
]
WITHOUT_REASON = {
    "award.drafted", "award.offered", "award.signed", "award.activated", "award.ended", "award.closed", "award.settled",
}  # fmt: skip


async def test_whom_an_event_is_told_and_what_they_read(cast):
    await english()
    await an_award(cast, organisation=cast.guria_women, title_en="Of Guria")
    award = await an_award(cast, title_en="Clubs")
    for event, to, subject, body in TOLD:
        reason = {} if event in WITHOUT_REASON else {"reason": "Because of rain"}
        async with importing():
            await execute("DELETE FROM mail")
        async with transaction():
            await record(event, cast.director, award, **reason)
        told = await letters()
        assert set(told) == to, event
        path = "/countersignature" if event == "award.signed" else ""
        for ((said, text),) in told.values():
            assert said == subject.format(r=award.reference)
            assert body.format(end=in_english(award.ends_on)) in text, text
            assert ("Because of rain" in text) == (event not in WITHOUT_REASON) and "None" not in text, text
            assert text.strip().endswith(f"/en/awards/{award.reference}{path}\n\n{WRITTEN}"), text


WRITTEN = "This email was written by the service itself."


async def test_an_offer_that_expires_is_told_to_both_sides(cast):
    """What it says to the programme is said to those who could have signed, too, and to nobody twice."""
    await english()
    award = await an_award(cast, state="offered", title_en="Clubs")
    async with transaction():
        await record("award.offer_expired", cast.director, award)
    told = await letters()
    assert set(told) == {"curator", "director", "signatory"}
    assert {subject for each in told.values() for subject, _body in each} == {f"Offer expired: {award.reference}"}
    assert all(
        "Vani Youth did not sign the agreement for “Clubs” in time; €6,000" in each[0][1] for each in told.values()
    )


async def test_each_reads_their_own_language(cast):
    await english("signatory")
    application = await a_recommended_application(cast)
    await approvals.approve(await recommendation_of(cast.director, application.number), cast.director)
    told = await letters()
    assert ("Your grant is approved: Open budget in Vani") in [subject for subject, _body in told["signatory"]]
    assert "თქვენი გრანტი დამტკიცდა: ღია ბიუჯეტი ვანში" in [subject for subject, _body in told["editor"]]


async def test_who_is_turned_down_reads_why(cast):
    await english()
    application = await a_recommended_application(cast)
    await a_recommended_application(cast, organisation=cast.guria_women)
    await approvals.reject(await recommendation_of(cast.director, application.number), cast.director, "Financed twice")
    told = await letters()
    assert set(told) == ORGANISATION
    for ((subject, body),) in told.values():
        assert subject == f"Not approved: application {application.number}"
        assert "Reason: Financed twice" in body and f"/en/applications/{application.number}\n" in body
    assert (await get(Application, application.id)).state == "rejected"


async def test_a_letter_is_written_once(cast):
    award = await an_award(cast)
    await transitions.suspend(award, cast.director, "A report is missing")
    told = await letters()
    await execute("UPDATE event_job SET state = 'waiting'")
    assert await letters() == told and set(told) == CONCERNED


async def test_the_clock_ends_and_expires_each_after_its_day(cast):
    """Nothing happens on the last day itself, and nothing to what is somewhere else by now."""
    last = today() + timedelta(days=14)
    offered = await an_award(cast, state="offered", offer_expires_on=last)
    active, suspended = [
        await an_award(cast, state=state, organisation=organisation, starts_on=last - timedelta(days=180))
        for state, organisation in (("active", cast.guria_women), ("suspended", cast.vani_youth))
    ]
    others = [
        await an_award(cast, state=state, starts_on=last - timedelta(days=200)) for state in ("drafting", "terminated")
    ]
    assert await queries.expired_offers(last) == [] == await queries.ended(last)
    assert [each.id for each in await queries.expired_offers(last + timedelta(days=1))] == [offered.id]
    assert {each.id for each in await queries.ended(last + timedelta(days=1))} == {active.id, suspended.id}
    for days, states in ((14, ["offered", "active", "suspended"]), (15, ["declined", "closing", "closing"])):
        with clock_at(now() + timedelta(days=days)):
            await notices.clock()
        assert [(await get(Award, each.id)).state for each in (offered, active, suspended)] == states
    assert [(await get(Award, each.id)).state for each in others] == ["drafting", "terminated"]
    assert set(await letters()) == CONCERNED | {"director", "other_signatory", "other_editor", "curator2"}


async def test_what_the_clock_read_may_have_gone_on_meanwhile(cast):
    """The row is looked at again under its lock: somebody else was quicker, and that is no fault."""
    offer, running = await an_award(cast, state="offered"), await an_award(cast)
    read_before = [await get(Award, each.id) for each in (offer, running)]
    await transitions.ask_change(offer, cast.signatory, "Another day")
    await transitions.terminate(running, cast.director, "It ends")
    with clock_at(now() + timedelta(days=400)):
        await transitions.expire(read_before[0])
        await transitions.end(read_before[1])
    assert [(await get(Award, each.id)).state for each in (offer, running)] == ["drafting", "terminated"]
