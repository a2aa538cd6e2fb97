"""What the database itself refuses about awards, whoever asks: SQL past the application, as the service's own role."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from accounts.tables import Organisation
from foundation.clock import today
from foundation.database import DB, PoolTimeout, execute, get, row, transaction, value
from grants.awards import approvals, queries
from tests.builders.awards import (
    a_decided_call,
    a_final_report,
    a_recommended_application,
    a_tranche,
    an_award,
    an_upload,
)
from tests.cast import make_cast
from tests.importing import importing

AWARD = (
    "INSERT INTO award (reference, application_id, call_id, organisation_id, municipality_id, currency, amount,"
    " proposed_by, approved_by, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)


async def refused(name, sql, *args, kind=asyncpg.PostgresError):
    """The statement is refused by the rule of this name, and changes nothing."""
    with pytest.raises(kind) as error:
        async with transaction():
            await execute(sql, *args)
    assert error.value.constraint_name == name, error.value


async def approved(cast, **over):
    return await a_recommended_application(cast, state="approved", **over)


def facts(cast, application, amount=None, **over):
    given = dict(
        reference=f"X-{application.number}", application_id=application.id, call_id=application.call_id,
        organisation_id=application.organisation_id, municipality_id=application.municipality_id,
        currency=application.currency, amount=Decimal(amount or application.requested), proposed_by=cast.chair.id,
        approved_by=cast.director.id, state="drafting",
    )  # fmt: skip
    return list((given | over).values())


async def test_money_is_a_number_above_zero(cast):
    application = await approved(cast)
    for amount in ("NaN", "0", "-1", "1000000000000"):
        with pytest.raises((asyncpg.CheckViolationError, asyncpg.NumericValueOutOfRangeError)):
            async with transaction():
                await execute(AWARD, *facts(cast, application, amount))


async def test_the_envelope_holds(cast):
    call = await a_decided_call(cast, envelope=Decimal("10000"))
    await an_award(cast, state="drafting", amount=Decimal("6000"), call=call)
    other = await approved(cast, call=call, amount=Decimal("4000.01"), organisation=cast.guria_women)
    await refused("award_within_envelope", AWARD, *facts(cast, other))
    fits = await execute(AWARD, *facts(cast, other, "4000"))
    assert fits is None


async def test_a_declined_award_leaves_room_and_cannot_come_back(cast):
    call = await a_decided_call(cast, envelope=Decimal("6000"))
    declined = await an_award(cast, state="declined", amount=Decimal("6000"), call=call)
    await an_award(cast, state="drafting", amount=Decimal("6000"), call=call, organisation=cast.guria_women)
    back = "UPDATE award SET state = 'drafting' WHERE id = $1"
    await refused("award_within_envelope", back, declined.id)
    await execute("UPDATE call SET envelope = 20000 WHERE id = $1", call.id)
    await refused("award_state", back, declined.id)


async def test_the_envelope_never_goes_below_the_awards(cast):
    award = await an_award(cast, amount=Decimal("6000"))
    await refused("call_envelope_covers_awards", "UPDATE call SET envelope = 5999 WHERE id = $1", award.call_id)


async def test_an_award_stays_within_limits_and_request(cast):
    call = await a_decided_call(cast, min_award=Decimal("2000"), max_award=Decimal("8000"))
    application = await approved(cast, call=call, amount=Decimal("6000"))
    await refused("award_within_limits", AWARD, *facts(cast, application, "1999.99"))
    await refused("award_within_limits", AWARD, *facts(cast, application, "8000.01"))
    await refused("award_within_request", AWARD, *facts(cast, application, "6000.01"))


async def test_one_award_for_an_application(cast):
    award = await an_award(cast)
    application = await row("SELECT * FROM application WHERE id = $1", award.application_id)
    values = [
        "Y", application["id"], award.call_id, award.organisation_id, award.municipality_id, award.currency, Decimal("100"),
        cast.chair.id, cast.director.id, "drafting",
    ]  # fmt: skip
    await refused("award_application_id_key", AWARD, *values, kind=asyncpg.UniqueViolationError)


async def test_only_an_approved_and_reviewed_application_with_signed_minutes(cast):
    await refused("award_of_approved", AWARD, *facts(cast, await a_recommended_application(cast)))
    one_review = await a_recommended_application(cast, state="approved", reviews=1)
    await refused("award_after_reviews", AWARD, *facts(cast, one_review))
    unsigned = await a_recommended_application(cast, state="approved", minutes="open")
    await refused("award_after_minutes", AWARD, *facts(cast, unsigned))


async def test_who_proposes_does_not_approve(cast):
    application = await approved(cast)
    await refused("award_second_person", AWARD, *facts(cast, application, approved_by=cast.chair.id))
    await refused("award_second_person", AWARD, *facts(cast, application, approved_by=None))


async def test_an_award_starts_as_a_draft_and_moves_only_along_its_arrows(cast):
    application = await approved(cast)
    await refused("award_state", AWARD, *facts(cast, application, state="active"))
    award = await an_award(cast, state="drafting")
    for state in ("signed_cso", "active", "closed", "suspended", "terminated"):
        await refused("award_state", "UPDATE award SET state = $2 WHERE id = $1", award.id, state)


async def test_currency_belongs_to_the_call(cast):
    application = await approved(cast)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with transaction():
            await execute(AWARD, *facts(cast, application, currency="GEL"))


async def test_an_award_never_moves_and_its_amount_is_frozen_once_offered(cast):
    award, other = await an_award(cast, state="offered"), await an_award(cast, organisation=cast.guria_women)
    for column, content in (
        ("organisation_id", other.organisation_id), ("approved_by", cast.admin.id), ("proposed_by", cast.admin.id),
    ):  # fmt: skip
        await refused("award_stays", f"UPDATE award SET {column} = $2 WHERE id = $1", award.id, content)
    await refused("award_amount_frozen", "UPDATE award SET amount = 5999 WHERE id = $1", award.id)


async def test_no_offer_with_tranches_that_do_not_add_up(cast):
    award = await an_award(cast, state="drafting", tranches=[Decimal("3000"), Decimal("2999.99")])
    offer = "UPDATE award SET state = 'offered', offered_at = now() WHERE id = $1"
    await refused("award_tranches_add_up", offer, award.id)
    await execute("UPDATE tranche SET amount = 3000 WHERE award_id = $1 AND number = 2", award.id)
    await refused("award_agreement_made", offer, award.id)


async def test_no_step_without_the_signature_it_stands_for(cast):
    offered = await an_award(cast, state="offered")
    await refused("award_signed", "UPDATE award SET state = 'signed_cso' WHERE id = $1", offered.id)
    signed = await an_award(cast, state="signed_cso")
    activate = "UPDATE award SET state = 'active', countersigned_by = $2, countersigned_at = now() WHERE id = $1"
    await refused("award_signed", activate, signed.id, cast.director.id)
    agreement = await value("SELECT id FROM agreement WHERE award_id = $1", signed.id)
    await execute(
        "INSERT INTO signature (agreement_id, award_id, party, signed_by) VALUES ($1, $2, 'funder', $3)",
        agreement, signed.id, cast.director.id,
    )  # fmt: skip
    await refused("award_committed", activate, signed.id, cast.director.id)


async def test_a_signature_on_an_older_version_does_not_count(cast):
    award = await an_award(cast, state="signed_cso")
    await execute("UPDATE award SET state = 'drafting', signed_at = NULL WHERE id = $1", award.id)
    upload = await an_upload(cast.director)
    await execute(
        "INSERT INTO agreement (award_id, version, upload_id, document_sha256, body) VALUES ($1, 2, $2, $3, '{}')",
        award.id, upload.id, upload.blob_sha256,
    )  # fmt: skip
    await execute("UPDATE award SET state = 'offered' WHERE id = $1", award.id)
    await refused("award_signed", "UPDATE award SET state = 'signed_cso' WHERE id = $1", award.id)


async def test_the_organisation_signs_with_a_scan(cast):
    award = await an_award(cast, state="offered")
    agreement = await value("SELECT id FROM agreement WHERE award_id = $1", award.id)
    await refused(
        "signature_scan",
        "INSERT INTO signature (agreement_id, award_id, party, signed_by) VALUES ($1, $2, 'cso', $3)",
        agreement, award.id, cast.signatory.id,
    )  # fmt: skip


async def test_agreements_and_signatures_are_never_changed(cast):
    award = await an_award(cast)
    for table in ("agreement", "signature"):
        for sql in (f"UPDATE {table} SET award_id = award_id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with transaction():
                    await execute(sql)
        async with importing():
            for sql in (f"UPDATE {table} SET award_id = award_id", f"DELETE FROM {table}"):
                with pytest.raises(asyncpg.PostgresError) as error:
                    async with transaction():
                        await execute(sql)
                assert error.value.constraint_name == f"{table}_append_only"
    assert await value("SELECT count(*) FROM signature WHERE award_id = $1", award.id) == 2


async def test_the_calendar_is_frozen_with_the_offer_and_its_periods_do_not_overlap(cast):
    award = await an_award(cast, state="offered")
    await refused("report_due_frozen", "DELETE FROM report_due WHERE award_id = $1", award.id)
    await refused("report_due_frozen", "UPDATE report_due SET due_on = due_on + 1 WHERE award_id = $1", award.id)
    draft = await an_award(cast, state="drafting")
    await refused(
        "report_due_periods",
        "INSERT INTO report_due (award_id, number, kind, period_from, period_to, due_on) VALUES ($1, 3, 'interim', $2, $3, $3)",
        draft.id, draft.starts_on, today() + timedelta(days=400), kind=asyncpg.ExclusionViolationError,
    )  # fmt: skip


async def test_closing_takes_two_people(cast):
    award = await an_award(cast, state="closing")
    await refused(
        "award_closed_by_two",
        "UPDATE award SET closing_manager_id = $2, closing_finance_id = $2 WHERE id = $1",
        award.id, cast.manager.id,
    )  # fmt: skip


CLOSE = "UPDATE award SET state = 'closed', closing_manager_id = $2, closing_finance_id = $3, closed_at = now() WHERE id = $1"


async def test_a_grant_closes_with_settled_tranches_and_an_accepted_final_report(cast):
    award = await an_award(cast, state="closing")
    two = cast.manager.id, cast.finance.id
    await refused("award_tranches_settled", CLOSE, award.id, *two)
    for number in (1, 2):
        await a_tranche(cast, state="confirmed", award=award, number=number)
    await refused("award_final_report", CLOSE, award.id, *two)
    await a_final_report(cast, award)
    await execute(CLOSE, award.id, *two)


async def test_awards_are_decided_only_under_read_committed(committing):
    award = await an_award(await make_cast())
    with pytest.raises(asyncpg.PostgresError) as error:
        async with DB.pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            await connection.execute("UPDATE award SET title_en = 'x' WHERE id = $1", award.id)
    assert error.value.sqlstate == "25001"


async def test_fifty_at_once_and_exactly_as_many_as_fit(committing):
    """Fifty applications of 1,000 against an envelope of 20,000, all approved in the same moment."""
    cast = await make_cast()
    call = await a_decided_call(cast, envelope=Decimal("20000"), max_award=Decimal("1000"))
    applications = []
    for _ in range(50):
        async with importing():
            organisation = await value(
                "INSERT INTO organisation (kind, name_en, municipality_id) VALUES ('cso', 'x', $1) RETURNING id",
                cast.vani.id,
            )
        made = await a_recommended_application(
            cast, Decimal("1000"), await get(Organisation, organisation), call=call
        )  # fmt: skip
        applications.append(await queries.recommendation_of(cast.director, made.number))
    done = await asyncio.gather(*(_approve(each, cast.director) for each in applications))
    assert sorted(set(done)) == ["award_within_envelope", "made"]
    assert done.count("made") == 20
    assert await value("SELECT sum(amount) FROM award") == Decimal("20000")
    assert await value("SELECT count(*) FROM application WHERE state = 'approved'") == 20
    assert await value("SELECT count(*) FROM event_verify()") == 0


async def _approve(application, director):
    while True:
        try:
            await approvals.approve(application, director)
        except asyncpg.CheckViolationError as error:
            return error.constraint_name
        except (asyncpg.LockNotAvailableError, PoolTimeout):
            continue  # the service answers 503 and is asked again
        return "made"
