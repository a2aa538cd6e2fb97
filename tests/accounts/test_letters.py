"""Letters: each reader's own language, the right people, never twice."""

from accounts import letters, queries
from accounts.person import Role
from foundation.database import execute, rows
from foundation.language import N_, pick_text


def names(people):
    return [person.name for person in people]


async def test_who_is_written_to(cast):
    assert names(await queries.workers_of(cast.vani_youth.id)) == ["Editor", "Signatory"]
    assert names(await queries.signatories_of(cast.vani_youth.id)) == ["Signatory"]
    assert names(await queries.curators_of(cast.vani.id)) == ["Curator"]
    assert names(await queries.curators_of(cast.ozurgeti.id)) == ["Curator2"]
    assert names(await queries.holders_of(Role.MANAGER, Role.FINANCE)) == ["Manager", "Finance"]
    assert names(await queries.recipients(cast.donor.id, None)) == ["Donor"]


async def test_who_has_left_is_not_written_to(cast):
    await execute("UPDATE role SET until = CURRENT_DATE WHERE account_id = $1", cast.editor.id)
    await execute("UPDATE account SET active = false WHERE id = $1", cast.signatory.id)
    assert names(await queries.workers_of(cast.vani_youth.id)) == []


async def test_a_curator_of_some_municipalities_is_not_written_to_about_others(cast):
    await execute(
        "INSERT INTO role_municipality SELECT id, $2 FROM role WHERE account_id = $1", cast.curator.id, cast.khoni.id
    )
    assert names(await queries.curators_of(cast.khoni.id)) == ["Curator"]
    assert names(await queries.curators_of(cast.vani.id)) == []


async def test_each_reads_their_own_language_and_nobody_reads_it_twice(cast):
    await execute("UPDATE account SET language = 'en' WHERE id = $1", cast.editor.id)
    for _turn in range(2):
        people = await queries.workers_of(cast.vani_youth.id)
        await letters.write(
            people, "hello:1", N_("Sign in"), "{title}: {link}", link="/today",
            title=lambda: pick_text(cast.vani_youth, "name"),
        )  # fmt: skip
    found = [tuple(r) for r in await rows("SELECT to_address, subject, body FROM mail ORDER BY to_address")]
    assert [(to, subject) for to, subject, _body in found] == [
        ("editor@example.org", "Sign in"),
        ("signatory@example.org", "შესვლა"),
    ]
    assert "Vani Youth: http://127.0.0.1:8000/en/today" in found[0][2]
    assert "ვანის ახალგაზრდები: http://127.0.0.1:8000/ka/today" in found[1][2]
