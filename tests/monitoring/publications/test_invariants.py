"""What the database holds of publications, whoever asks it: tried past the application, as the service's role."""

import asyncpg
import pytest

from foundation.database import APP_ROLE, execute, transaction, value
from tests.builders.publications import a_publication, an_edition


async def refused(name, sql, *args):
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, *args)
    assert error.value.constraint_name == name, (error.value, sql)


PUBLISH = "UPDATE publication SET state = 'published', published_by = $2, published_at = now() WHERE id = $1"


async def test_what_is_published_has_an_edition(cast):
    one = await a_publication(cast, state="draft")
    await refused("publication_with_edition", PUBLISH, one.id, cast.curator.id)
    await execute(
        "INSERT INTO publication_edition (publication_id, language, address) VALUES ($1, 'ka', 'https://a.ge')", one.id
    )
    await execute(PUBLISH, one.id, cast.curator.id)
    assert await value("SELECT state FROM publication WHERE id = $1", one.id) == "published"


async def test_when_it_was_published_and_withdrawn_says_the_clock_of_the_database(cast):
    one = await a_publication(cast, state="draft")
    await an_edition(cast, one)
    await execute(
        "UPDATE publication SET state = 'published', published_by = $2, published_at = '2001-01-01' WHERE id = $1",
        one.id, cast.curator.id,
    )  # fmt: skip
    await execute(
        "UPDATE publication SET state = 'withdrawn', withdrawn_by = $2, withdrawn_at = '2001-01-01',"
        " withdrawn_en = 'It had a wrong address' WHERE id = $1",
        one.id, cast.manager.id,
    )  # fmt: skip
    since = "SELECT published_at > now() - interval '1 hour' AND withdrawn_at >= published_at FROM publication WHERE id = $1"
    assert await value(since, one.id)


async def test_not_even_the_owner_of_the_tables_changes_an_edition_or_a_number(cast):
    one = await a_publication(cast, state="draft")
    await an_edition(cast, one)
    await execute(
        "INSERT INTO publication_reach (publication_id, channel, unit, basis, source) VALUES ($1, 'web', 'views', 'counted', 'x')",
        one.id,
    )
    async with transaction():
        await execute("SELECT set_config('role', 'none', true)")
        await refused("publication_edition_stays", "UPDATE publication_edition SET language = 'en'")
        await refused("publication_reach_stays", "UPDATE publication_reach SET number = 5")
        await execute(f"SET LOCAL ROLE {APP_ROLE}")


async def test_nobody_publishes_at_once_or_in_the_name_of_the_past(cast):
    made = "INSERT INTO publication (reference, kind, title_en, state, past) VALUES ('x', 'tv', 'x', $1, $2)"
    await refused("publication_state", made, "published", False)
    await refused("publication_past", made, "draft", True)


async def test_the_editions_of_what_is_published_or_withdrawn_stay(cast):
    one = await a_publication(cast)
    edition = await an_edition(cast, one)
    await refused("publication_edition_stays", "DELETE FROM publication_edition WHERE id = $1", edition.id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute("UPDATE publication_edition SET address = 'https://b.ge' WHERE id = $1", edition.id)
    gone = await a_publication(cast, state="withdrawn")
    add = "INSERT INTO publication_edition (publication_id, language, address) VALUES ($1, 'ka', 'https://a.ge')"
    await refused("publication_edition_stays", add, gone.id)


async def test_an_edition_is_a_file_or_an_address(cast):
    one = await a_publication(cast, state="draft")
    add = "INSERT INTO publication_edition (publication_id, language, basis, address) VALUES ($1, 'ka', $2, $3)"
    await refused("publication_edition_one", add, one.id, "ours", None)
    await refused("publication_edition_one", add, one.id, "inferred", "https://a.ge")
    await refused("publication_edition_address_check", add, one.id, "ours", "javascript:alert(1)")


async def test_facts_belong_to_their_state(cast):
    one, draft = await a_publication(cast), await a_publication(cast, state="draft")
    await an_edition(cast, draft)
    await refused(
        "publication_published_facts",
        "UPDATE publication SET state = 'published' WHERE id = $1",
        draft.id,
    )
    await refused("publication_withdrawn_facts",
                  "UPDATE publication SET state = 'withdrawn', withdrawn_by = $2, withdrawn_at = now() WHERE id = $1",
                  one.id, cast.manager.id)  # fmt: skip
    await refused("publication_title", "UPDATE publication SET title_ka = NULL, title_en = '' WHERE id = $1", one.id)
    await refused("publication_days", "UPDATE publication SET when_last = when_first - 1 WHERE id = $1", one.id)


async def test_what_is_withdrawn_is_written_no_more_and_numbers_are_never_changed(cast):
    gone = await a_publication(cast, state="withdrawn")
    await refused("publication_frozen", "UPDATE publication SET title_en = 'Something else' WHERE id = $1", gone.id)
    one = await a_publication(cast)
    await refused("publication_frozen", "UPDATE publication SET reference = 'PB-9' WHERE id = $1", one.id)
    await execute(
        "INSERT INTO publication_reach (publication_id, channel, unit, basis, source) VALUES ($1, 'web', 'views', 'counted', 'x')",
        one.id,
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute("UPDATE publication_reach SET number = 5")
    await refused("publication_reach_number_check", "INSERT INTO publication_reach (publication_id, channel, number, unit, basis, source)"
                  " VALUES ($1, 'web', -1, 'views', 'counted', 'x')", one.id)  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("edition", "pages", "publication_edition_pages_check"),
        ("edition", "minutes", "publication_edition_minutes_check"),
        ("reach", "number", "publication_reach_number_check"),
        ("reach", "units_told", "publication_reach_units_told_check"),
    ],
)
async def test_what_is_counted_is_no_less_than_nothing(cast, table, column, name):
    one = await a_publication(cast, state="draft")
    add = {
        "edition": f"INSERT INTO publication_edition (publication_id, language, address, {column})"
        " VALUES ($1, 'ka', 'https://a.ge', $2)",
        "reach": f"INSERT INTO publication_reach (publication_id, channel, unit, basis, source, {column})"
        " VALUES ($1, 'web', 'views', 'counted', 'x', $2)",
    }[table]
    await refused(name, add, one.id, -1)
    await execute(add, one.id, 1)
    assert await value(f"SELECT {column} FROM publication_{table} WHERE publication_id = $1", one.id) == 1
