"""Different people at the same moment: nobody waits for the other for ever, and exactly one of two answers comes true."""

import asyncio
import itertools
from copy import copy
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from accounts.person import SYSTEM, Person
from accounts.sessions import person_by_id
from accounts.tables import Organisation
from foundation.clock import today
from foundation.database import PoolTimeout, execute, get, one_of, rows, sentence_for, value
from foundation.refused import Refused
from grants.applications import actions as applications
from grants.applications import transitions as application_steps
from grants.awards import transitions as awards
from grants.awards.tables import Award
from grants.calls import transitions as calls
from grants.calls.queries import call_of
from grants.calls.tables import Call
from grants.disbursements import queries as tranches
from grants.disbursements import transitions as disbursements
from grants.disbursements.bank import transitions as bank
from grants.disbursements.tables import BankAccount
from grants.reviews import actions as reviews
from grants.reviews import queries as reviewing
from grants.reviews import transitions as review_steps
from grants.reviews.committee import actions as committee
from grants.reviews.committee import transitions as minuting
from grants.reviews.forms import Decided, Minutes, Scored, Scores
from grants.reviews.tables import Review
from monitoring.reports import queries as reports
from monitoring.reports import transitions
from tests.builders.applications import an_application
from tests.builders.awards import a_tranche, an_award
from tests.builders.calls import a_call
from tests.builders.reports import a_report
from tests.builders.reviews import a_review, a_scored_application
from tests.cast import add_account, add_role, make_cast
from tests.importing import importing

NUMBERS = itertools.count(1)
AGAIN = (asyncpg.LockNotAvailableError, PoolTimeout)  # the service answers 503 and is asked again


async def tried(action, *args):
    """What became of it: done, or refused by the service or by the database, with a sentence. A deadlock is neither."""
    while True:
        try:
            await action(*args)
            return "done"
        except Refused:
            return "refused"
        except asyncpg.IntegrityConstraintViolationError as error:
            assert sentence_for(error), error
            return "refused"
        except AGAIN:
            continue


async def at_once(*ways):
    return await asyncio.gather(*(tried(*way) for way in ways))


async def somebody_else(kind: str, organisation=None) -> Person:
    async with importing():
        account = await add_account(f"{kind}-{next(NUMBERS)}")
        await add_role(account, kind, organisation and organisation.id)
    person = await person_by_id(account)
    assert person is not None
    return person


async def an_organisation(cast) -> tuple[Organisation, Person]:
    async with importing():
        made = await one_of(
            Organisation,
            "INSERT INTO organisation (kind, name_en, municipality_id) VALUES ('cso', 'x', $1) RETURNING *", cast.vani.id,
        )  # fmt: skip
    return made, await somebody_else("signatory", made)


# applications against their deadline and their call ------------------------------------------------------------


async def test_nobody_is_late_and_nobody_is_lost_at_the_deadline(committing):
    """Thirty organisations send around the last second, and the clock closes the call meanwhile."""
    cast = await make_cast()
    call = await a_call(cast, parts=False)
    sending = []
    for _ in range(30):
        organisation, signatory = await an_organisation(cast)
        sending.append((await an_application(cast, call, "draft", organisation, declared=True), signatory))
    early, around, late = sending[:5], sending[5:25], sending[25:]
    answers = list(await at_once(*((application_steps.submit, *each) for each in early)))
    async with importing():
        await execute("ALTER TABLE call DISABLE TRIGGER call_guard")
        await execute("UPDATE call SET deadline = clock_timestamp() + interval '0.5 s' WHERE id = $1", call.id)
        await execute("ALTER TABLE call ENABLE TRIGGER call_guard")

    async def send(n, application, signatory):
        await asyncio.sleep(0.25 + n * 0.5 / len(around))
        return await tried(application_steps.submit, application, signatory)

    async def close():
        while await value("SELECT state FROM call WHERE id = $1", call.id) == "open":
            await calls.close_due_calls()
            await asyncio.sleep(0.02)

    *told, _ = await asyncio.gather(*(send(n, *each) for n, each in enumerate(around)), close())
    answers += [*told, *await at_once(*((application_steps.submit, *each) for each in late))]
    assert answers[:5] + answers[25:] == ["done"] * 5 + ["refused"] * 5
    sent = await rows(
        "SELECT a.submitted_at < c.deadline AS in_time FROM application a JOIN call c ON c.id = a.call_id"
        " WHERE a.state = 'submitted'"
    )
    assert all(each["in_time"] for each in sent) and len(sent) == answers.count("done")
    await applications.expire_drafts()
    assert await value("SELECT count(*) FROM application WHERE state = 'expired'") == 30 - len(sent)


async def test_a_call_is_cancelled_while_its_applicants_act(committing):
    """Nothing stays behind in a cancelled call, whoever was first."""
    cast = await make_cast()
    for _ in range(4):
        call = await a_call(cast, parts=False)
        people = [await an_organisation(cast) for _ in range(4)]
        drafts = [await an_application(cast, call, "draft", who, declared=True) for who, _ in people[:3]]
        sent = await an_application(cast, call, "submitted", (await an_organisation(cast))[0])
        shown = await call_of(SYSTEM, call.reference)
        await at_once(
            (application_steps.submit, drafts[0], people[0][1]),
            (application_steps.submit, drafts[1], people[1][1]),
            (calls.cancel, await get(Call, call.id), cast.director, "The donor stopped the programme."),
            (application_steps.hand_over, drafts[2], people[2][1]),
            (applications.start, shown, people[3][0].id, people[3][1], "ka"),
            (application_steps.take_back, sent, people[0][1]),
        )
        left = await rows("SELECT DISTINCT state FROM application WHERE call_id = $1", call.id)
        assert [each["state"] for each in left] == ["closed_by_cancellation"]


# reviews and the committee -------------------------------------------------------------------------------------


def full(criteria) -> Scores:
    return Scores(scores={each.id: Scored(points=each.max_points / 2, comment="Clear.") for each in criteria})


async def test_reviewers_lock_while_the_chair_decides_signs_and_reopens(committing):
    cast = await make_cast()
    for _ in range(3):
        call = await a_call(cast, "evaluating", min_reviews=1)
        decided, scored = [await a_scored_application(cast, call, organisation=(await an_organisation(cast))[0])
                           for _ in range(2)]  # fmt: skip
        written = await an_application(cast, call, "in_review", (await an_organisation(cast))[0])
        mine = await a_review(cast, written, "clear", cast.reviewer)
        other = await a_review(cast, written, "locked", cast.reviewer2)
        await reviews.save_scores(mine, cast.reviewer, full(call.criteria))
        row = await get(Call, call.id)
        yes = Decided(outcome="approve", amount="1500", reason="Needed.", exception_note="Both are wanted.")
        await committee.decide(row, decided, cast.chair, yes)
        minutes = await reviewing.open_minutes(row)
        words = Minutes(held_on=today(), present="Five", text="Read.", reserve_until=today() + timedelta(days=9))
        await committee.change_minutes(row, minutes, cast.chair, words)
        done = await at_once(
            (review_steps.lock_review, await get(Review, mine.id), cast.reviewer),
            (review_steps.reopen, await get(Review, other.id), cast.chair, "Points and words differ."),
            (committee.decide, await get(Call, call.id), scored, cast.chair, yes),
            (minuting.sign, await reviewing.open_minutes(row), cast.chair),
            (review_steps.replace, await get(Review, mine.id), cast.manager, "She is ill."),
            (minuting.sign, await reviewing.open_minutes(row), cast.chair),
        )
        assert sorted([done[3], done[5]]) == ["done", "refused"], "minutes are signed once"
        assert await value("SELECT count(*) FROM meeting_minutes WHERE call_id = $1 AND state = 'signed'", call.id) == 1
        state = await value("SELECT state FROM application WHERE id = $1", written.id)
        standing = {
            each["state"] for each in await rows("SELECT state FROM review WHERE application_id = $1", written.id)
        }
        assert state == ("scored" if standing <= {"locked", "replaced"} and "locked" in standing else "in_review")
    assert await value("SELECT count(*) FROM event_verify()") == 0


async def test_fifty_decisions_at_once_stay_within_the_envelope(committing):
    """Two chairs at fifty desks: what the minutes give never adds up to more than the envelope."""
    cast = await make_cast()
    call = await a_call(cast, "evaluating", parts=False, envelope=Decimal("20000"), max_award=Decimal("2000"))
    found = []
    for _ in range(50):
        organisation, _ = await an_organisation(cast)
        found.append(await a_scored_application(cast, call, (80, 80), organisation=organisation))
    yes = Decided(outcome="approve", amount="1000", reason="Needed.", exception_note="Equal ranks.")
    row = await get(Call, call.id)
    done = await at_once(*((committee.decide, copy(row), each, cast.chair, yes) for each in found))
    assert (done.count("done"), done.count("refused")) == (20, 30)
    assert await value("SELECT sum(amount) FROM decision") == Decimal("20000")
    assert await value("SELECT count(*) FROM meeting_minutes") == 1


# money ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state, role, verb",
    [("due", "signatory", "request"), ("requested", "curator", "certify"), ("certified", "finance", "approve"),
     ("approved", "director", "authorise"), ("authorised", "finance", "send"), ("sent", "finance", "pay"),
     ("sent", "finance", "fail"), ("paid", "signatory", "confirm"), ("paid", "director", "order_recovery"),
     ("recovery_due", "finance", "recover"), ("recovery_due", "director", "write_off")],
)  # fmt: skip
async def test_two_people_at_once_take_a_step_once(committing, state, role, verb):
    cast = await make_cast()
    place = {"signatory": cast.vani_youth, "curator": cast.curator_imereti}.get(role)
    pair = cast.people[role], await somebody_else(role, place)
    given = {
        "certify": ["Seen"], "send": ["PO-{}"], "pay": ["BR-{}", today()], "fail": ["Account closed"],
        "order_recovery": [Decimal("10"), "Audit"], "recover": [today(), "RR-{}"], "write_off": ["Nothing is left"],
    }.get(verb, [])  # fmt: skip
    tranche = await a_tranche(cast, state=state, award=await an_award(cast, amount=Decimal("10000")))
    before = await value("SELECT count(*) FROM event")

    async def step(n):
        mine = await tranches.tranche_by_id(tranche.id)
        told = [each.format(n) if isinstance(each, str) else each for each in given]
        return await tried(getattr(disbursements, verb), mine, pair[n % 2], *told)

    done = await asyncio.gather(*(step(n) for n in range(8)))
    assert (done.count("done"), done.count("refused")) == (1, 7)
    assert await value("SELECT count(*) FROM event") == before + 1
    assert await value("SELECT count(*) FROM ledger_entry WHERE tranche_id IS NOT NULL") <= 2


async def test_money_and_what_it_rests_on_move_at_once(committing):
    """A payment is sent, its report reopened, its account retired, its grant ended: no order of these loses money or
    waits for ever, and what was not sent before stays."""
    cast = await make_cast()
    for _ in range(5):
        award = await an_award(cast)
        await a_report(cast, award, state="accepted")
        tranche = await a_tranche(cast, state="approved", award=award, number=2)
        first = await a_tranche(cast, state="sent", award=award, number=1)
        account = await one_of(BankAccount, "SELECT * FROM bank_account WHERE retired_at IS NULL")
        await at_once(
            (disbursements.send, await tranches.tranche_by_id(tranche.id), cast.finance, f"PO-{tranche.id}"),
            (transitions.reopen, (await reports.of_award(award.id))[0], cast.director, "Two lists are the same"),
            (bank.retire, account, cast.manager, "Closed by the bank"),
            (awards.terminate, await get(Award, award.id), cast.director, "Fraud was found"),
            (disbursements.pay, await tranches.tranche_by_id(first.id), cast.finance, f"BR-{first.id}", today()),
            (disbursements.return_payment, await tranches.tranche_by_id(tranche.id), cast.finance, "Ask again"),
        )
        assert await value("SELECT state FROM award WHERE id = $1", award.id) == "terminated"
        left = {each.number: each.state for each in await tranches.tranches_of(award)}
        assert left[1] == "paid" and left[2] in ("sent", "cancelled"), left
        async with importing():
            await execute("UPDATE bank_account SET retired_at = now() WHERE retired_at IS NULL")
    promised = await value(
        "SELECT sum(CASE kind WHEN 'commitment' THEN amount ELSE -amount END) FROM ledger_entry"
        " WHERE kind IN ('commitment', 'payment', 'decommitment')"
    )
    assert promised == await value("SELECT coalesce(sum(amount), 0) FROM tranche WHERE state = 'sent'")
    assert await value("SELECT count(*) FROM event_verify()") == 0
