"""A recommendation from draft to verified, by different people, with time given by others and every refusal."""

from datetime import timedelta
from uuid import uuid4

import pytest

from foundation.clock import clock_at, now, today
from foundation.database import insert, rows
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused, Stale
from lifecycle.notices import handle_events
from lifecycle.record import history_of
from monitoring.recommendations import actions, forms, hooks, notices, queries, transitions
from monitoring.recommendations.listing import RECOMMENDATIONS
from monitoring.recommendations.tables import FollowUp
from monitoring.recommendations.tasks import recommendations
from tests.builders.awards import an_award
from tests.builders.recommendations import a_recommendation
from tests.builders.uploads import a_pdf
from tests.builders.visits import a_visit
from tests.importing import importing
from uploads.receiving import receive_bytes


def a_draft(cast, **over):
    facts = dict(
        text_en="Publish the minutes", addressee="cso", organisation=cast.vani_youth.id, municipality=cast.vani.id,
        due=today() + timedelta(days=30),
    )  # fmt: skip
    return forms.Draft(**(facts | over))


async def a_paper():
    return await receive_bytes(a_pdf(), "minutes.pdf")


async def test_from_draft_to_verified(cast):
    one = await actions.draft(cast.curator, a_draft(cast))
    assert one.reference.startswith("R-") and one.state == "draft"
    await transitions.issue(one, cast.curator)
    await transitions.accept(one, cast.editor)
    await transitions.start(one, cast.editor)
    await transitions.tell_progress(one, cast.editor, forms.Reason(text="Half of them are online"))
    await transitions.report_done(one, cast.signatory, forms.Evidence(text="All are online"), await a_paper())
    await transitions.verify(one, cast.curator, forms.Verification(text="Seen on the website"))
    assert (one.state, one.owner_id, one.reported_by, one.verified_by) == (
        "verified", cast.editor.id, cast.signatory.id, cast.curator.id,
    )  # fmt: skip
    assert [event.name.removeprefix("recommendation.") for event in await history_of(one)] == [
        "drafted", "issued", "accepted", "started", "progress_told", "reported_done", "verified",
    ]  # fmt: skip
    assert [each["kind"] for each in await queries.follow_ups_of(one)] == ["verification", "evidence", "progress"]


async def test_adoption_by_a_council_is_dated_evidence(cast):
    one = await a_recommendation(cast, state="in_progress", addressee="municipality", owner_id=cast.curator.id)
    given = forms.Evidence(text="Adopted", adopted_on=today(), adoption_kind="council_decision")
    await transitions.report_done(one, cast.curator, given)
    assert (one.state, one.adopted_on, one.adoption_kind) == ("reported_done", today(), "council_decision")
    for who in (cast.curator, cast.signatory, cast.curator2):
        with pytest.raises(NotAllowed):
            await transitions.verify(one, who, forms.Verification(text="Done"))
    await transitions.verify(one, cast.manager, forms.Verification(text="Read in the minutes"))
    assert one.verified_by == cast.manager.id


@pytest.mark.parametrize(
    "wrong", [dict(adopted_on=today()), dict(adopted_on=today() + timedelta(days=1), adoption_kind="budget")]
)
def test_an_act_has_a_day_that_has_been(wrong):
    with pytest.raises(ValueError):
        forms.Evidence(text="Adopted", **wrong)


async def test_done_without_evidence_is_refused(cast):
    one = await a_recommendation(cast, state="in_progress")
    with pytest.raises(Refused):
        await transitions.report_done(one, cast.editor, forms.Evidence(text="Believe us"))
    await transitions.add_evidence(one, cast.editor, forms.Evidence(text="Here"), await a_paper())
    await transitions.report_done(one, cast.editor, forms.Evidence(text="As sent"))
    assert one.state == "reported_done"


async def test_a_high_one_is_verified_by_document_or_visit(cast):
    one = await a_recommendation(cast, state="in_progress", priority="high")
    given = forms.Evidence(text="Adopted", adopted_on=today(), adoption_kind="rules")
    await transitions.report_done(one, cast.editor, given)
    with pytest.raises(Refused):
        await transitions.verify(one, cast.curator, forms.Verification(text="They told me"))
    await transitions.verify(one, cast.curator, forms.Verification(text="Read it"), await a_paper())
    assert one.state == "verified"


async def test_partly_done_goes_on_and_is_reported_again(cast):
    one = await a_recommendation(cast, state="reported_done")
    await transitions.find_partly_done(one, cast.curator, forms.Verification(text="Two villages are missing"))
    await transitions.start(one, cast.editor)
    assert (one.state, one.reported_by, one.reported_at, one.verified_by, one.verified_at) == (
        "in_progress", None, None, None, None,
    )  # fmt: skip
    await transitions.report_done(one, cast.editor, forms.Evidence(text="Now all"), await a_paper())
    await transitions.reopen(one, cast.manager, forms.Verification(text="Still missing"))
    assert one.state == "reopened"


async def test_disputed_is_answered_by_the_head(cast):
    one = await a_recommendation(cast, state="issued")
    await transitions.dispute(one, cast.signatory, forms.Reason(text="It is the city's task"))
    with pytest.raises(NotAllowed):
        await transitions.reissue(one, cast.curator, forms.Reissue(text="No"))
    await transitions.reissue(
        one, cast.manager, forms.Reissue(text="Your part only", text_en="Publish your own minutes")
    )
    assert (one.state, one.text_en) == ("issued", "Publish your own minutes")


async def test_time_is_given_by_somebody_else_and_twice_at_most(cast):
    one = await a_recommendation(cast, state="in_progress", owner_id=cast.signatory.id)
    first = one.due_original
    for n in (1, 2):
        wanted = one.due_current + timedelta(days=10)
        await transitions.ask_more_time(one, cast.editor, forms.Extension(new_due=wanted, text="The printer is late"))
        for who in (cast.editor, cast.signatory, cast.finance):
            with pytest.raises(NotAllowed):
                await transitions.extend(one, who)
        await transitions.extend(one, cast.curator)
        assert (one.due_original, one.due_current) == (first, first + timedelta(days=10 * n))
    with pytest.raises(Refused):
        later = one.due_current + timedelta(days=1)
        await transitions.ask_more_time(one, cast.editor, forms.Extension(new_due=later, text="Once more"))


async def test_time_is_asked_once_at_a_time_and_may_be_refused(cast):
    one = await a_recommendation(cast, state="accepted")
    wanted = forms.Extension(new_due=one.due_current + timedelta(days=5), text="Snow")
    await transitions.ask_more_time(one, cast.editor, wanted)
    with pytest.raises(Refused):
        await transitions.ask_more_time(one, cast.editor, wanted)
    before = one.due_current
    await transitions.refuse_more_time(one, cast.manager, forms.Reason(text="It was promised for spring"))
    assert one.due_current == before and await queries.asked_for(one) is None
    with pytest.raises(Refused):
        await transitions.extend(one, cast.manager)


async def test_more_time_ends_later_than_the_day_it_has(cast):
    one = await a_recommendation(cast, state="accepted")
    for n, refused in ((-1, True), (0, True), (1, False)):
        wanted = forms.Extension(new_due=one.due_current + timedelta(days=n), text="Snow")
        if refused:
            with speaking("en"), pytest.raises(Refused, match="must be later"):
                await transitions.ask_more_time(one, cast.editor, wanted)
        else:
            await transitions.ask_more_time(one, cast.editor, wanted)
    asked = (await queries.follow_ups_of(one))[0]
    assert (asked["kind"], asked["new_due"], asked["author"]) == (
        "extension_asked", one.due_current + timedelta(days=1), cast.editor.name,
    )  # fmt: skip


async def test_nobody_gives_the_time_they_asked_for_and_nobody_gives_it_a_third_time(cast):
    """The curator's hand asked for the municipality, before anybody had accepted it by name."""
    one = await a_recommendation(cast, state="issued", addressee="municipality")
    wanted = forms.Extension(new_due=one.due_current + timedelta(days=5), text="The council meets in May")
    await transitions.ask_more_time(one, cast.curator, wanted)
    for answer in (transitions.extend, lambda *its: transitions.refuse_more_time(*its, forms.Reason(text="No"))):
        with speaking("en"), pytest.raises(NotAllowed, match="asked for themselves"):
            await answer(one, cast.curator)
    async with importing():
        for _ in range(2):
            await insert(
                FollowUp, recommendation_id=one.id, kind="extension", text="Earlier", author_id=cast.curator.id,
                approved_by=cast.manager.id, new_due=one.due_current, at=now() - timedelta(days=9),
            )  # fmt: skip
    with speaking("en"), pytest.raises(Refused, match="twice at most"):
        await transitions.extend(one, cast.manager)


async def test_an_answer_about_time_names_who_asked_and_who_decided(cast):
    one = await a_recommendation(cast, state="accepted")
    wanted = forms.Extension(new_due=one.due_current + timedelta(days=5), text="Snow")
    for answer, kind, text in (
        (lambda: transitions.extend(one, cast.curator), "extension", "Snow"),
        (lambda: transitions.refuse_more_time(one, cast.manager, forms.Reason(text="No")), "extension_refused", "No"),
    ):
        until = one.due_current + timedelta(days=5)
        await transitions.ask_more_time(one, cast.editor, wanted.model_copy(update={"new_due": until}))
        await answer()
        [told] = [each for each in await queries.follow_ups_of(one) if each["kind"] == kind]
        assert (told["author"], told["text"]) == (cast.editor.name, text)
        assert told["approver"] == (cast.curator.name if kind == "extension" else cast.manager.name)
        assert told["new_due"] == (until if kind == "extension" else None)


async def test_evidence_is_a_file_a_visit_there_or_a_dated_act_and_never_words_alone(cast):
    visit = await a_visit(cast)
    elsewhere = await a_visit(cast, await an_award(cast, organisation=cast.guria_women))
    one = await a_recommendation(cast, state="in_progress")
    for given, sentence in ((forms.Evidence(text="Believe us"), "Add evidence first"),
                            (forms.Evidence(text="Seen", visit=elsewhere.id), "somewhere else")):  # fmt: skip
        with speaking("en"), pytest.raises(Refused, match=sentence):
            await transitions.add_evidence(one, cast.editor, given)
    await transitions.add_evidence(one, cast.editor, forms.Evidence(text="Seen", visit=visit.id))
    await transitions.add_evidence(
        one, cast.editor, forms.Evidence(text="Adopted", adopted_on=today(), adoption_kind="rules")
    )
    assert (one.adopted_on, one.adoption_kind) == (today(), "rules")
    told = await queries.follow_ups_of(one)
    assert sorted(
        (each["kind"], each["text"], each["visit_reference"]) for each in told if each["text"] != "Adopted"
    ) == [("evidence", "Seen", visit.reference)]
    await transitions.report_done(one, cast.editor, forms.Evidence(text="As seen"))
    assert [each["kind"] for each in await queries.follow_ups_of(one) if each["text"] == "As seen"] == ["progress"]
    other = await a_recommendation(cast, state="in_progress")
    await transitions.report_done(other, cast.editor, forms.Evidence(text="Come and see", visit=visit.id))
    assert [(each["kind"], each["visit_reference"]) for each in await queries.follow_ups_of(other)] == [
        ("evidence", visit.reference)
    ]


@pytest.mark.parametrize("given", [{}, {"text_ka": "სხვა"}, {"text_en": "Other"}])
async def test_a_disputed_one_comes_again_in_its_words_or_in_new_ones(cast, given):
    one = await a_recommendation(cast, state="disputed")
    before = (one.text_ka, one.text_en)
    await transitions.reissue(one, cast.manager, forms.Reissue(text="It stays", **given))
    assert (one.text_ka, one.text_en) == ((given.get("text_ka"), given.get("text_en")) if given else before)
    assert one.state == "issued" and one.issued_by == cast.manager.id


async def test_a_draft_that_is_due_today_is_issued(cast):
    one = await actions.draft(cast.curator, a_draft(cast, due=today()))
    await transitions.issue(one, cast.curator)
    assert (one.state, one.issued_by) == ("issued", cast.curator.id)


@pytest.mark.parametrize("who", ["manager", "curator2", "signatory", "director"])
async def test_drafts_are_written_by_the_curator_of_the_place(cast, who):
    with pytest.raises(NotAllowed):
        await actions.draft(cast.people[who], a_draft(cast))


async def test_a_draft_is_issued_with_a_due_date_that_is_to_come(cast):
    for due in (None, today() - timedelta(days=1)):
        one = await actions.draft(cast.curator, a_draft(cast, due=due))
        with pytest.raises(Refused):
            await transitions.issue(one, cast.curator)


async def test_only_a_draft_is_changed_and_not_behind_somebodys_back(cast):
    one = await actions.draft(cast.curator, a_draft(cast))
    await actions.edit(one, cast.curator, a_draft(cast, text_en="Other", revision=one.revision))
    with pytest.raises(Stale):
        await actions.edit(one, cast.curator, a_draft(cast, revision=one.revision - 1))
    await transitions.issue(one, cast.curator)
    with pytest.raises(Refused, match="იცვლება მხოლოდ მონახაზი"):
        await actions.edit(one, cast.curator, a_draft(cast))


async def test_a_grant_and_a_visit_from_elsewhere_are_refused(cast):
    elsewhere = await an_award(cast, organisation=cast.guria_women)
    with pytest.raises(Refused):
        await actions.draft(cast.curator, a_draft(cast, award=elsewhere.id))
    one = await a_recommendation(cast, state="in_progress")
    with pytest.raises(Refused):
        await transitions.add_evidence(one, cast.editor, forms.Evidence(text="Seen", visit=uuid4()))


async def test_it_is_replaced_by_another_of_the_same_place(cast):
    one, other = await a_recommendation(cast), await a_recommendation(cast)
    elsewhere = await a_recommendation(cast, organisation=cast.guria_women)
    for wrong in (one.reference, "R-0", elsewhere.reference):
        with pytest.raises(Refused):
            await transitions.replace(one, cast.manager, forms.Replacement(successor=wrong))
    await transitions.replace(one, cast.curator, forms.Replacement(successor=other.reference))
    assert (one.state, one.superseded_by) == ("superseded", other.id)


async def test_the_head_withdraws_or_accepts_the_risk_with_a_reason(cast):
    one, other = await a_recommendation(cast), await a_recommendation(cast, state="partly")
    await transitions.withdraw(one, cast.manager, forms.Reason(text="Addressed wrongly"))
    await transitions.accept_risk(other, cast.manager, forms.Reason(text="The law changes in May"))
    assert (one.state, other.state) == ("withdrawn", "risk_accepted")
    with pytest.raises(NotAllowed):
        await transitions.withdraw(await a_recommendation(cast), cast.curator, forms.Reason(text="x"))


async def overdue_of(person):
    found = await RECOMMENDATIONS.rows(person, RECOMMENDATIONS.list_query({"overdue": "yes"}))
    return [row["reference"] for row in found.rows]


async def test_overdue_is_derived_and_ends_when_it_is_reported_done(cast):
    past = today() - timedelta(days=3)
    one = await a_recommendation(cast, state="in_progress", due_original=past, due_current=past)
    assert await overdue_of(cast.manager) == [one.reference]
    await transitions.report_done(one, cast.editor, forms.Evidence(text="Late, but here"), await a_paper())
    assert await overdue_of(cast.manager) == []


async def test_a_draft_is_not_for_its_addressee_yet(cast):
    one = await a_recommendation(cast, state="draft")
    for who, sees in ((cast.editor, False), (cast.donor, False), (cast.curator, True), (cast.auditor, True)):
        assert bool(await queries.by_reference(who, one.reference)) is sees


async def letters():
    return [
        r["to_address"] for r in await rows("SELECT to_address FROM mail WHERE key LIKE '%:escalated:%' ORDER BY id")
    ]


async def test_what_is_late_goes_up_level_by_level_once_each(cast):
    due = today() + timedelta(days=30)
    one = await a_recommendation(cast, state="in_progress", due_original=due, due_current=due)
    seen = []
    for day, expected in ((-8, 0), (-7, 2), (0, 2), (7, 1), (21, 1), (45, 1)):
        with clock_at(now() + timedelta(days=30 + day)):
            for _again in range(2):
                await notices.escalate_what_is_late()
            await handle_events()
        sent = await letters()
        assert len(sent) - len(seen) == expected, day
        seen = sent
    assert set(seen[:2]) == {"editor@example.org", "signatory@example.org"}
    assert seen[4:] == ["curator@example.org", "manager@example.org", "manager@example.org"]
    levels = [event.payload["level"] for event in await history_of(one) if event.name.endswith("escalated")]
    assert levels == [-7, 0, 7, 21, 45]


async def test_a_missed_run_catches_up_with_the_highest_level(cast):
    past = today() - timedelta(days=30)
    one = await a_recommendation(cast, state="accepted", due_original=past, due_current=past)
    await notices.escalate_what_is_late()
    await notices.escalate_what_is_late()
    assert [event.payload["level"] for event in await history_of(one)] == [21]


async def test_what_waits_for_whom(cast):
    past = today() - timedelta(days=30)
    late = await a_recommendation(cast, state="in_progress", due_original=past, due_current=past)
    done = await a_recommendation(cast, state="reported_done")
    asked_of = {
        name: {task.href.rsplit("/", 1)[1]: task.group for task in await recommendations(cast.people[name])}
        for name in ("editor", "curator", "manager", "curator2", "donor")
    }
    assert asked_of["editor"] == {late.reference: "overdue"}
    assert asked_of["curator"] == {late.reference: "overdue", done.reference: "waiting"} == asked_of["manager"]
    assert asked_of["curator2"] == asked_of["donor"] == {}


async def test_visits_hear_of_open_recommendations(cast):
    award = await an_award(cast)
    one = await a_recommendation(cast, state="accepted", award=award)
    await a_recommendation(cast, state="verified", award=award)
    assert [(point.reference, point.href) for point in await hooks.open_for(award.id)] == [
        (one.reference, f"/recommendations/{one.reference}")
    ]
