"""What the database itself refuses, whatever the application thinks."""

import asyncpg
import pytest

from accounts.tables import RoleOffer
from foundation.database import execute, insert, transaction, value
from tests.cast import add_role
from tests.importing import importing


async def refused(name, sql, *args):
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as no:
        async with transaction():
            await execute(sql, *args)
    assert no.value.constraint_name == name


ROLE = "INSERT INTO role (account_id, kind, organisation_id) VALUES ($1, $2, $3)"


async def test_one_e_mail_is_one_account_however_it_is_written(cast):
    await refused("account_email_key", "INSERT INTO account (email, name) VALUES ('CURATOR@example.org', 'Another')")


async def test_an_e_mail_has_two_sides(cast):
    await refused("account_email_check", "INSERT INTO account (email, name) VALUES ('curator', 'Another')")


@pytest.mark.parametrize("code", ["12345678", "1234567890", "12345678a", "123 456 789", ""])
async def test_an_identification_code_has_nine_digits(cast, code):
    await refused(
        "organisation_identification_code",
        "UPDATE organisation SET identification_code = $1 WHERE id = $2", code, cast.vani_youth.id,
    )  # fmt: skip


async def test_an_identification_code_is_one_organisation_s(cast):
    await refused(
        "organisation_identification_code_key",
        "UPDATE organisation SET identification_code = '400000001' WHERE id = $1", cast.guria_women.id,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["editor", "signatory", "curator"])
async def test_some_roles_belong_to_an_organisation(cast, kind):
    # the trigger that looks at the organisation's kind speaks first
    await refused("role_of_its_kind", ROLE, cast.nobody_special.id, kind, None)
    async with importing():
        await execute("ALTER TABLE role DISABLE TRIGGER role_fits")
        await refused("role_organisation", ROLE, cast.nobody_special.id, kind, None)
        await execute("ALTER TABLE role ENABLE TRIGGER role_fits")


async def test_a_role_fits_the_kind_of_its_organisation(cast):
    await refused("role_of_its_kind", ROLE, cast.nobody_special.id, "editor", cast.curator_imereti.id)
    await refused("role_of_its_kind", ROLE, cast.nobody_special.id, "curator", cast.vani_youth.id)


async def test_nobody_stands_on_both_sides(cast):
    await refused("role_on_one_side", ROLE, cast.editor.id, "manager", None)
    await refused("role_on_one_side", ROLE, cast.curator.id, "signatory", cast.vani_youth.id)
    await refused("role_on_one_side", ROLE, cast.auditor.id, "editor", cast.vani_youth.id)
    await refused("role_on_one_side", ROLE, cast.signatory.id, "reviewer", None)
    await execute("UPDATE role SET until = CURRENT_DATE WHERE account_id = $1", cast.editor.id)
    await add_role(cast.editor.id, "manager")
    await refused(
        "role_on_one_side", "UPDATE role SET until = NULL WHERE account_id = $1 AND kind = 'editor'", cast.editor.id
    )


async def test_a_role_is_held_once_at_a_time(cast):
    async with importing():
        await refused("role_once", ROLE, cast.manager.id, "manager", None)
        await refused("role_once", ROLE, cast.editor.id, "editor", cast.vani_youth.id)


async def test_a_role_is_held_by_consent(cast):
    """Offered, accepted by whom it is for, once; but for who registers an organisation, once."""
    somebody = cast.nobody_special
    await refused("role_by_consent", ROLE, somebody.id, "editor", cast.vani_youth.id)
    offer = await insert(
        RoleOffer, account_id=somebody.id, kind="editor", organisation_id=cast.vani_youth.id, name="S",
        email=somebody.email, offered_by=cast.signatory.id,
    )  # fmt: skip
    with_offer = "INSERT INTO role (account_id, kind, organisation_id, offer_id) VALUES ($1, $2, $3, $4)"
    await refused("role_by_consent", with_offer, somebody.id, "editor", cast.vani_youth.id, offer.id)
    await refused("role_offer_frozen", "UPDATE role_offer SET kind = 'signatory' WHERE id = $1", offer.id)
    answered = "UPDATE role_offer SET state = $2, answered_at = clock_timestamp() WHERE id = $1"
    await execute(answered, offer.id, "accepted")
    await refused("role_offer_state", answered, offer.id, "declined")
    for kind, where in (("signatory", cast.vani_youth.id), ("editor", cast.guria_women.id)):
        await refused("role_by_consent", with_offer, somebody.id, kind, where, offer.id)
    await refused("role_by_consent", with_offer, cast.other_editor.id, "editor", cast.vani_youth.id, offer.id)
    await execute(with_offer, somebody.id, "editor", cast.vani_youth.id, offer.id)
    await execute("UPDATE role SET until = day_here() WHERE offer_id = $1", offer.id)
    await refused("role_of_one_offer", with_offer, somebody.id, "editor", cast.vani_youth.id, offer.id)
    await refused("role_stays", "UPDATE role SET kind = 'signatory' WHERE offer_id = $1", offer.id)
    await execute("UPDATE organisation SET registered_by = $1 WHERE id = $2", somebody.id, cast.guria_women.id)
    await refused("role_by_consent", ROLE, somebody.id, "signatory", cast.guria_women.id)
    await refused(
        "role_offer_second_person",
        "INSERT INTO role_offer (account_id, kind, name, email, offered_by) VALUES ($1, 'chair', 'M', 'm@example.org', $1)",
        cast.manager.id,
    )


async def test_a_role_does_not_end_before_it_begins(cast):
    await refused("role_dates", "UPDATE role SET until = since - 1 WHERE account_id = $1", cast.manager.id)


async def test_an_account_with_roles_cannot_vanish(cast):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute("DELETE FROM account WHERE id = $1", cast.manager.id)
    with pytest.raises(asyncpg.RestrictViolationError):
        async with importing():
            await execute("DELETE FROM account WHERE id = $1", cast.manager.id)


async def test_only_an_organisation_that_registered_itself_is_confirmed(cast):
    await refused(
        "organisation_check",
        "UPDATE organisation SET confirmed_at = clock_timestamp() WHERE id = $1",
        cast.vani_youth.id,
    )


@pytest.mark.parametrize("table", ["session", "access_token", "registration"])
async def test_tokens_are_kept_as_hashes_only(cast, table):
    kinds = await value(
        "SELECT domain_name FROM information_schema.columns WHERE table_name = $1 AND column_name = 'token_sha256'",
        table,
    )
    assert kinds == "sha256"
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction():
            await execute("SELECT 'token'::bytea::sha256")
