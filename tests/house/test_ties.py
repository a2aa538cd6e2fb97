"""Nobody of the programme decides about, pays, visits, verifies or closes anything of an organisation they have to do
with: no step of any lifecycle is open to them, no page and no operation takes it, and the database does not either."""

from itertools import product

import asyncpg
import pytest

from accounts.person import Person
from accounts.sessions import person_by_id
from entrypoints.web import litestar_app
from foundation.database import execute, get, insert, row, rows, transaction, value
from foundation.language import catalogue
from foundation.refused import Refused
from foundation.ties import TIED
from grants.disbursements import queries as tranches
from grants.disbursements.tables import TrancheCondition
from grants.reviews.forms import Declaration
from grants.reviews.queries import review_of
from grants.reviews.tables import Review
from grants.reviews.transitions import declare
from lifecycle.states import STATUSES
from lifecycle.tasks import tasks_of
from lifecycle.transition import TRANSITIONS
from monitoring.recommendations import queries as recommendations
from monitoring.reports import queries as reports
from monitoring.visits import queries as visits
from monitoring.visits.transitions import could_lead, hand_over
from tests.builders.applications import an_application
from tests.builders.awards import a_bank_account, a_tranche, an_award
from tests.builders.calls import a_call
from tests.builders.people import a_second_curator
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report, the_value
from tests.builders.reviews import a_review
from tests.builders.visits import a_finding, a_visit
from tests.cast import ended_role
from tests.importing import importing

litestar_app(manage_pool=False)  # imports every room

# whoever takes steps of the programme; donors and auditors take none
STAFF = ("reviewer", "chair", "curator", "manager", "finance", "director", "admin")

# Steps that are open to the tied all the same, with the reason.
OPEN_TO_TIED = {
    "review.conflicted": "it is how they say so",
    "review.closed_with_another": "the service closes their other reviews of the call with it",
    **dict.fromkeys(
        ("role.accepted", "role.declined", "role.withdrawn", "role.offered_again"),
        "a role is answered by whom it is offered to; nothing about a grant is decided with it",
    ),
}
# Rows that are about no organisation of applicants, with what keeps their steps apart instead.
OF_NO_GRANTEE = {
    "account": "people; a director and a signatory are never one account",
    "call": "all who compete in it: Person.judges_in",
    "indicator": "what the programme measures, of all grants together",
    "meeting_minutes": "all who compete in the call: Person.judges_in",
    "publication": "of the programme",
    "role_offer": "see above",
}


async def tied(person: Person, organisation) -> Person:
    await ended_role(person.id, "signatory", organisation.id)
    found = await person_by_id(person.id)
    assert found is not None
    return found


async def one_of_each(cast) -> dict[str, list]:
    """Of each entity, rows of Vani Youth as its steps take them."""
    award = await an_award(cast)
    tranche = await a_tranche(cast, "certified", award)
    report = await a_report(cast, award, "verified")
    visit = await a_visit(cast, award, "in_review")
    finding = await a_finding(cast, visit, state="responded")
    to_staff = dict(owner_id=cast.finance.id)
    issued = [
        await a_recommendation(cast, addressee=addressee, award=award, **over)
        for addressee, over in (("cso", {}), ("municipality", {}), ("staff", to_staff))
    ]
    application = await an_application(cast, await a_call(cast, "evaluating"), "in_review")
    review = await a_review(cast, application, "drafting", cast.reviewer)
    return {
        "application": [application],
        "review": [await review_of(cast.manager, review.id) or review],
        "organisation": [cast.vani_youth],
        "award": [award],
        "tranche": [await tranches.tranche_by_id(tranche.id)],
        "bank_account": [await a_bank_account(cast, verified=False)],
        "report": [await reports.by_id(report.id)],
        "visit": [await visits.by_id(cast.manager, visit.id)],
        "finding": [await visits.finding_by_id(cast.manager, finding.id)],
        "recommendation": [await recommendations.by_id(each.id) for each in issued],
    }


def in_every_state(entity: str, one):
    if entity not in STATUSES:
        yield one
        return
    before = one.state
    for state in STATUSES[entity]:
        one.state = str(state)
        yield one
    one.state = before


async def test_no_declared_step_is_open_to_whoever_has_to_do_with_the_organisation(cast):
    there = await one_of_each(cast)
    assert TRANSITIONS.keys() == there.keys() | OF_NO_GRANTEE.keys(), "a new entity says whom it is about"
    staff = [await person_by_id(getattr(cast, name).id) for name in STAFF]
    apart = {person.id: person for person in staff if person}
    for name in STAFF:
        await ended_role(getattr(cast, name).id, "signatory", cast.vani_youth.id)
    theirs = [await person_by_id(each) for each in apart]
    by_role: dict[str, int] = {}
    for entity, its in there.items():
        for step, one in product(TRANSITIONS[entity], its):
            for each in in_every_state(entity, one):
                for person in theirs:
                    assert person is not None and person.ties == {cast.vani_youth.id}
                    able = step.who(apart[person.id], each)
                    by_role[person.role_name] = by_role.get(person.role_name, 0) + bool(able)
                    if step.event not in OPEN_TO_TIED:
                        assert not step.who(person, each), (step.event, person.role_name)
                        assert not step.open_to(person, each)
    # it is the tie that closes them: the same people take these steps where there is none
    assert all(by_role[kind] for kind in ("curator", "manager", "finance", "director", "reviewer", "chair", "admin"))


def test_what_stays_open_to_them_is_listed_with_its_reason():
    stays = {step.event for steps in TRANSITIONS.values() for step in steps if step.by_tied}
    assert stays == OPEN_TO_TIED.keys()


async def test_every_way_of_having_to_do_with_an_organisation_counts(cast):
    from tests.grants.reviews.test_connected import same_box, same_phone, worked_there

    for name, way in (("director", worked_there), ("finance", same_box), ("manager", same_phone)):
        await way(cast, getattr(cast, name).id)
        person = await person_by_id(getattr(cast, name).id)
        assert person is not None and person.ties == {cast.guria_women.id}, name
    assert (await person_by_id(cast.signatory.id)).ties == frozenset(), "an organisation's own people are no staff"
    assert (await person_by_id(cast.curator.id)).ties == frozenset()


async def test_who_left_more_than_two_years_ago_has_nothing_to_do_with_it(cast):
    await ended_role(cast.director.id, "signatory", cast.vani_youth.id, days=740)
    assert (await person_by_id(cast.director.id)).ties == frozenset()


async def test_a_conflict_ties_to_the_applicant_it_was_declared_with_alone(cast):
    call = await a_call(cast, "evaluating")
    mine, other = [
        await an_application(cast, call, "in_review", organisation=each) for each in (cast.vani_youth, cast.guria_women)
    ]
    review, beside = [await a_review(cast, each, "drafting", cast.reviewer) for each in (mine, other)]
    await declare(review, cast.reviewer, Declaration(conflict=True, declaration="My cousin."))
    assert (await get(Review, beside.id)).conflict, "all her reviews of the call ended"
    found = await person_by_id(cast.reviewer.id)
    assert found is not None and found.ties == {cast.vani_youth.id} and found.closed_calls == {call.id}
    # nor does she review it in the next call
    later = await a_call(cast, "evaluating")
    await an_application(cast, later, "in_review")
    assert (await person_by_id(cast.reviewer.id)).closed_calls == {call.id, later.id}


# by page and by operation --------------------------------------------------------------------------------------------


async def an_active_award(cast):
    award = await an_award(cast)
    here = f"/awards/{award.reference}"
    return award, "director", here, f"{here}/suspension", f"{here}/suspension", {"reason": "Why it stops."}


async def an_award_in_draft(cast):
    award = await an_award(cast, state="drafting")
    here = f"/awards/{award.reference}"
    return award, "curator", here, f"{here}/terms", f"{here}/terms", {"title_en": "Another"}


async def an_ended_award(cast):
    award = await an_award(cast, state="closing")
    here = f"/awards/{award.reference}"
    return award, "finance", here, f"{here}/closure", f"{here}/closure", None


async def a_request_certified(cast):
    tranche = await a_tranche(cast, "certified")
    here = f"/awards/{await value('SELECT reference FROM award WHERE id = $1', tranche.award_id)}/tranches/1"
    return tranche, "finance", here, f"{here}/approval", f"{here}/approval", {}


async def a_request_made(cast):
    tranche = await a_tranche(cast, "requested")
    here = f"/awards/{await value('SELECT reference FROM award WHERE id = $1', tranche.award_id)}/tranches/1"
    return tranche, "curator", here, f"{here}/certificate", f"{here}/certificate", {"certificate": "All is in order."}


async def an_account(cast):
    account = await a_bank_account(cast, verified=False)
    here = f"/organisations/{account.organisation_id}/bank"
    step = f"{here}/{account.id}/verification"
    return account, "finance", here, step, step, {"note": "I called them back."}


async def a_report_of(cast, state, name, noun, sent):
    report = await a_report(cast, state=state)
    found = await reports.by_id(report.id)
    here = f"/reports/{found.award_reference}/{found.number}"
    return report, name, here, f"{here}/{noun}", f"{here}/{noun}", sent


async def a_verified_report(cast):
    return await a_report_of(cast, "verified", "manager", "acceptance", None)


async def a_report_under_review(cast):
    return await a_report_of(cast, "under_review", "curator", "verification", None)


async def an_accepted_report(cast):
    return await a_report_of(cast, "accepted", "director", "correction", {"reason": "The audit found something."})


async def a_visit_made(cast):
    visit = await a_visit(cast, state="in_review")
    here = f"/visits/{visit.reference}"
    return visit, "manager", here, f"{here}/approval", f"/visits/{visit.id}/approval", None


async def a_visit_ahead(cast):
    visit = await a_visit(cast, state="planned")
    here = f"/visits/{visit.reference}"
    return visit, "curator", here, f"{here}/confirmation", f"/visits/{visit.id}/confirmation", None


async def an_answered_finding(cast):
    finding = await a_finding(cast, await a_visit(cast), state="responded")
    visit = await value("SELECT reference FROM visit WHERE id = $1", finding.visit_id)
    here = f"/visits/{visit}/findings/{finding.id}"
    return finding, "manager", here, f"{here}/settlement", f"/findings/{finding.id}/settlement", None


async def a_recommendation_done(cast):
    one = await a_recommendation(cast, "reported_done", "municipality", award=await an_award(cast))
    here = f"/recommendations/{one.reference}"
    return one, "manager", here, f"{here}/partial-verification", f"{here}/partial-verification", {"text": "Half of it."}


ROOMS = [
    an_active_award, an_award_in_draft, an_ended_award, a_request_certified, a_request_made, an_account,
    a_verified_report, a_report_under_review, an_accepted_report, a_visit_made, a_visit_ahead, an_answered_finding,
    a_recommendation_done,
]  # fmt: skip


async def says(its) -> dict:
    return dict(await row(f'SELECT * FROM "{its._meta.tablename}" WHERE id = $1', its.id))


@pytest.mark.parametrize("made", ROOMS, ids=lambda made: made.__name__)
async def test_neither_a_page_nor_an_operation_takes_the_step_of_whoever_is_tied(made, cast, client):
    its, name, here, step, operation, sent = await made(cast)
    before = await says(its)
    await client.sign_in(getattr(cast, name))
    assert TIED not in (await client.get(f"/en{here}")).text, "whoever is apart is told nothing of ties"
    await ended_role(getattr(cast, name).id, "signatory", cast.vani_youth.id)
    page = await client.get(f"/en{here}")
    assert page.status_code == 200 and TIED in page.text, "they read it, and why nothing is offered"
    noun = step.rpartition("/")[2]
    assert f'{here}/{noun}"' not in page.text, "no button"
    asked = await client.post(f"/en{step}", data=sent or {})
    assert asked.status_code == 403 and TIED in asked.text
    verb = client.put if noun == "terms" else client.post
    told = await verb(f"/api/v1{operation}", json=sent)
    assert told.status_code == 403 and catalogue("ka")[TIED] in told.text, told.text
    assert await says(its) == before, "nothing changed"


async def test_nor_what_is_done_beside_the_steps(cast, client):
    award = await an_award(cast)
    report = await a_report(cast, award, "under_review")
    found = await reports.by_id(report.id)
    claim = await the_value(report)
    code = await value("SELECT code FROM indicator WHERE id = $1", claim.indicator_id)
    visit = await a_visit(cast, award, "in_field")
    finding = await a_finding(cast, visit, state="draft")
    condition = await a_document_awaited(award)
    draft = await a_recommendation(cast, "draft", award=award)
    curator = await tied(cast.curator, cast.vani_youth)
    await client.sign_in(curator)
    at = f"/reports/{found.award_reference}/{found.number}"
    api = {
        f"/promises/{award.reference}": {"promises": []},
        f"{at}/values/{code}/verdict": {"verdict": "verified"},
        f"{at}/spending/1/accepted": {"accepted": "1.00"},
    }
    for path, sent in api.items():
        answer = await client.put(f"/api/v1{path}", json=sent)
        assert answer.status_code in (403, 404), (path, answer.text)
    posts = {
        f"/promises/{award.reference}": {},
        f"{at}/verification/values/{code}": {"verdict": "verified"},
        f"{at}/verification/spending": {},
        f"/visits/{visit.reference}/record": {"notes": "All is well."},
        f"/visits/{visit.reference}/findings": {"kind": "problem", "severity": "low", "text": "Nothing."},
        f"/visits/{visit.reference}/findings/{finding.id}/edit": {"text": "Nothing."},
        f"/awards/{award.reference}/tranches/2/conditions/{condition}/fulfilment": {"note": "It came."},
        f"/recommendations/{draft.reference}/edit": forms_of_a_draft(cast, award),
        "/recommendations": forms_of_a_draft(cast, award),
        "/visits": {"award_id": str(award.id), "planned_from": "2026-12-01", "planned_to": "2026-12-02"},
    }
    before = [await says(each) for each in (report, claim, visit, finding, draft)]
    for path, sent in posts.items():
        answer = await client.post(f"/en{path}", data=sent)
        assert answer.status_code in (403, 404), (path, answer.status_code)
    assert [await says(each) for each in (report, claim, visit, finding, draft)] == before
    assert await value("SELECT count(*) FROM recommendation") == 1 and await value("SELECT count(*) FROM visit") == 1
    assert await value("SELECT fulfilled_at FROM tranche_condition WHERE id = $1", condition) is None


def forms_of_a_draft(cast, award):
    return {
        "text_en": "Do it.", "addressee": "cso", "organisation": str(award.organisation_id), "award": str(award.id),
        "municipality": str(cast.vani.id), "priority": "low",
    }  # fmt: skip


async def a_document_awaited(award):
    async with importing():
        second = await value("SELECT id FROM tranche WHERE award_id = $1 AND number = 2", award.id)
        made = await insert(TrancheCondition, tranche_id=second, kind="document", description_en="The permit")
    return made.id


# what waits, and for whom --------------------------------------------------------------------------------------------


async def test_nothing_they_may_not_do_waits_for_them(cast):
    award = await an_award(cast)
    await a_tranche(cast, "certified", award)
    await a_report(cast, award, "verified")
    visit = await a_visit(cast, award, "in_review")
    await a_finding(cast, visit, state="responded")
    await a_recommendation(cast, "reported_done", award=award)
    await an_award(cast, state="signed_cso")
    await a_bank_account(cast, verified=False)
    about = ("director", "finance", "manager", "curator")
    before = {name: {each.href for each in await tasks_of(getattr(cast, name))} for name in about}
    assert all(before.values())
    after = {name: await tasks_of(await tied(getattr(cast, name), cast.vani_youth)) for name in about}
    for name, left in after.items():
        assert left == [], name
    # that nobody is left is told to those who invite people
    told = [each for each in await tasks_of(cast.admin) if each.href == "/people/new"]
    assert len({each.verb for each in told}) == 4 and all("G-2026" in str(each.about) for each in told)


async def test_while_somebody_apart_holds_the_role_nobody_is_asked_for(cast):
    from tests.cast import add_account, add_role

    award = await an_award(cast)
    await tied(cast.director, cast.vani_youth)
    asked = [each for each in await tasks_of(cast.admin) if award.reference in str(each.about)]
    assert len(asked) == 1
    await add_role(await add_account("second_director"), "director")
    assert [each for each in await tasks_of(cast.admin) if award.reference in str(each.about)] == []


async def test_work_of_whoever_is_tied_is_given_away_and_to_nobody_who_is(cast):
    other = await a_second_curator(cast)
    visit = await a_visit(cast, state="planned")
    assert not [each for each in await tasks_of(cast.manager) if visit.reference in each.href]
    await tied(cast.curator, cast.vani_youth)
    assert [each.href for each in await tasks_of(cast.manager) if visit.reference in each.href] == [
        f"/visits/{visit.reference}/handover"
    ]
    held = await visits.by_id(cast.manager, visit.id)
    assert [each.id for each in await could_lead(held)] == [other.id]
    await tied(other, cast.vani_youth)
    assert await could_lead(held) == []
    with pytest.raises(Refused):
        await hand_over(held, cast.manager, successor=other.id, reason="Somebody has to.")


# past the application ------------------------------------------------------------------------------------------------

# Who may not have to do with the organisation, by table; each is written by staff alone.
GUARDED = {
    "award": {
        "approved_by", "offered_by", "countersigned_by", "closing_manager_id", "closing_finance_id",
        "closing_director_id",
    },
    "tranche": {"certified_by", "approved_by", "authorised_by", "sent_by", "order_corrected_by", "paid_by"},
    "tranche_condition": {"fulfilled_by"},
    "bank_account": {"verified_by"},
    "visit": {"planned_by", "lead_id", "reviewed_by"},
    "finding": {"author_id", "reviewed_by"},
    "report": {"verified_by", "manager_id", "finance_id"},
    "report_value": {"verified_by"},
    "report_return": {"author_id"},
    "recommendation": {"created_by", "owner_id", "issued_by", "verified_by"},
    "follow_up": {"approved_by"},
    "agreement": {"made_by"},
    "signature": {"signed_by"},
    "ledger_entry": {"actor"},
}  # fmt: skip
ONCE = {"report_return", "follow_up", "agreement", "signature", "ledger_entry"}


async def refused(sql, *args) -> str:
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, *args)
    return getattr(error.value, "constraint_name", None) or ""


async def test_the_database_names_the_same_columns(cast):
    found = await rows(
        "SELECT tgrelid::regclass::text AS name, string_to_array(encode(tgargs, 'escape'), '\\000') AS columns"
        " FROM pg_trigger WHERE tgfoid = 'apart'::regproc"
    )
    named: dict[str, set[str]] = {}
    for each in found:
        named.setdefault(each["name"], set()).update(set(each["columns"]) - {""})
    assert named == GUARDED


@pytest.mark.parametrize("table", sorted(GUARDED.keys() - ONCE))
async def test_no_column_takes_whoever_is_tied(table, cast):
    award = await an_award(cast)
    its = {
        "award": lambda: award,
        "tranche": lambda: a_tranche(cast, "sent", award),
        "bank_account": lambda: a_bank_account(cast, verified=False),
        "visit": lambda: a_visit(cast, award, "in_review"),
        "finding": lambda: a_finding(cast, state="responded"),
        "report": lambda: a_report(cast, award, "under_review"),
        "recommendation": lambda: a_recommendation(cast, "draft", "staff", award),
    }
    if table == "tranche_condition":
        there = await a_document_awaited(award)
    elif table == "report_value":
        there = (await the_value(await a_report(cast, award, "under_review"))).id
    else:
        made = its[table]()
        there = (made if table == "award" else await made).id
    for column in sorted(GUARDED[table]):
        write = f"UPDATE {table} SET {column} = $2 WHERE id = $1"
        assert await refused_or_done(write, there, cast.admin.id) != "apart_from_organisation"
    await ended_role(cast.auditor.id, "editor", cast.vani_youth.id)
    for column in sorted(GUARDED[table]):
        write = f"UPDATE {table} SET {column} = $2 WHERE id = $1"
        assert await refused(write, there, cast.auditor.id) == "apart_from_organisation", column


async def refused_or_done(sql, *args) -> str:
    """What the other rules say to somebody apart; nothing stays written."""

    class Undone(Exception):
        pass

    try:
        async with transaction():
            await execute(sql, *args)
            raise Undone
    except Undone:
        return ""
    except asyncpg.PostgresError as error:
        return getattr(error, "constraint_name", None) or ""


async def test_nor_does_a_row_that_is_written_once(cast):
    award = await an_award(cast)
    report = await a_report(cast, award, "under_review")
    one = await a_recommendation(cast, award=award)
    to_municipality = await a_recommendation(cast, addressee="municipality", award=award)
    await ended_role(cast.director.id, "editor", cast.vani_youth.id)
    who = cast.director.id
    followed = "INSERT INTO follow_up (recommendation_id, kind, text, approved_by) VALUES ($1, 'extension', 'x', $2)"
    for sql, its in (
        ("INSERT INTO agreement (award_id, made_by) VALUES ($1, $2)", award.id),
        ("INSERT INTO signature (award_id, party, signed_by) VALUES ($1, 'funder', $2)", award.id),
        ("INSERT INTO report_return (report_id, author_id) VALUES ($1, $2)", report.id),
        (followed, one.id), (followed, to_municipality.id),
        *((f"INSERT INTO ledger_entry (award_id, actor, kind, amount) VALUES ($1, $2, '{kind}', 1)", award.id)
          for kind in ("payment", "recovery", "write_off")),
        ("INSERT INTO visit (award_id, lead_id) VALUES ($1, $2)", award.id),
        ("INSERT INTO finding (award_id, author_id) VALUES ($1, $2)", award.id),
        ("INSERT INTO recommendation (award_id, created_by) VALUES ($1, $2)", award.id),
        ("INSERT INTO recommendation (organisation_id, created_by) VALUES ($1, $2)", award.organisation_id),
        ("INSERT INTO award (organisation_id, approved_by) VALUES ($1, $2)", award.organisation_id),
    ):  # fmt: skip
        assert await refused(sql, its, who) == "apart_from_organisation", sql
    tranche = await value("SELECT id FROM tranche WHERE award_id = $1 AND number = 1", award.id)
    reverse = "INSERT INTO ledger_entry (award_id, actor, kind, amount, tranche_id) VALUES ($1, $2, 'reversal', 1, $3)"
    assert await refused(reverse, award.id, who, tranche) == "apart_from_organisation"


async def test_the_organisation_itself_signs_and_gives_back(cast):
    """Its own people are tied to it, and that is what they sign for."""
    award = await an_award(cast, state="offered")
    agreement = await value("SELECT id FROM agreement WHERE award_id = $1", award.id)
    sign = "INSERT INTO signature (agreement_id, award_id, party, signed_by) VALUES ($1, $2, 'cso', $3)"
    assert await refused_or_done(sign, agreement, award.id, cast.signatory.id) == "signature_scan", (
        "only the scan lacks"
    )


async def test_history_brought_in_says_what_happened(cast):
    visit = await a_visit(cast, state="in_review")
    await ended_role(cast.manager.id, "editor", cast.vani_youth.id)
    async with importing():
        await execute(
            "UPDATE visit SET state = 'approved', reviewed_by = $2, reviewed_at = now() WHERE id = $1",
            visit.id,
            cast.manager.id,
        )
    assert await value("SELECT reviewed_by FROM visit WHERE id = $1", visit.id) == cast.manager.id
