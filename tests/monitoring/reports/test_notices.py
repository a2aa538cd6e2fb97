"""Who gets a letter when something happens to a report, once each and in their own language."""

from datetime import timedelta

from foundation.clock import clock_at, now, today
from foundation.database import execute, rows
from lifecycle.notices import handle_events
from monitoring.reports import actions, forms, notices, queries, transitions
from tests.builders.awards import an_award
from tests.builders.reports import a_report


async def letters():
    """Addresses and subjects since the last call; what is read is marked as tried once."""
    await handle_events()
    found = await rows("SELECT * FROM mail WHERE attempts = 0 ORDER BY id")
    await execute("UPDATE mail SET attempts = 1")
    return [(row["to_address"].partition("@")[0], row["subject"]) for row in found]


async def to_whom():
    return {name for name, _subject in await letters()}


async def test_each_step_tells_those_who_are_next(cast):
    award = await an_award(cast, starts_on=today() - timedelta(days=100))
    await actions.schedule(award)
    report = (await queries.of_award(award.id))[0]
    await notices.open_what_is_due()
    assert await to_whom() == {"editor", "signatory"}
    under = await a_report(cast, state="under_review", spent=0)
    await transitions.return_for_correction(under, cast.curator, forms.Return(sections=["story"], reason="Tell more"))
    assert await to_whom() == {"editor", "signatory"}
    verified = await a_report(cast, state="verified", spent=0)
    await transitions.send_back(verified, cast.manager, "Look again")
    await transitions.verify(verified, cast.curator)
    assert await to_whom() == {"manager", "finance"}
    await transitions.agree(verified, cast.manager)
    await transitions.agree(verified, cast.finance)
    assert {"editor", "signatory"} <= await to_whom()
    assert report.number == 1


async def test_a_submission_tells_the_curator_of_the_place_in_georgian(cast):
    report = await a_report(cast)
    await actions.save_story(report, cast.editor, forms.Story(done_ka="შეხვედრები", changed_ka="ოქმები"))
    await transitions.submit(report, cast.signatory, forms.Submission(declared=True))
    told = await letters()
    assert [name for name, _subject in told] == ["curator"]
    assert "ანგარიში" in told[0][1]


async def test_reminders_come_once_before_and_once_after(cast):
    report = await a_report(cast)
    for days, expected in ((-8, 0), (-7, 2), (0, 0), (1, 2), (5, 0)):
        with clock_at(now() + (report.due_on - today()) + timedelta(days=days)):
            await notices.remind()
        found = await rows("SELECT to_address FROM mail WHERE sent_at IS NULL AND attempts = 0")
        await execute("UPDATE mail SET attempts = 1")
        assert len(found) == expected, days
