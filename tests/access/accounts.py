"""Objects of the accounts' routes: organisations, accounts, roles, sessions and links."""

from accounts.entry.tokens import give_token, hash_of
from accounts.sessions import open_session
from accounts.tables import RoleOffer
from foundation.database import execute, insert, value


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    organisations = both(cast.vani_youth.id, cast.guria_women.id)
    people = both(cast.editor.id, cast.finance.id)
    tokens = {purpose: await give_token(cast.nobody_special.id, purpose) for purpose in ("reset", "invitation")}
    offers = both(
        await offer(cast.editor, "signatory", cast.signatory, cast.vani_youth.id),
        await offer(cast.nobody_special, "reviewer", cast.manager),
    )
    return {
        "/offers/{number}": offers,
        **{f"/offers/{{number}}/{noun}": offers for noun in ("acceptance", "refusal", "invitation", "withdrawal")},
        "/password/reset/{token}": both(tokens["reset"], tokens["reset"], "token"),
        "/invitation/{token}": both(tokens["invitation"], tokens["invitation"], "token"),
        "/register/{token}": both("somebody", "somebody", "token") if await registration(cast) else {},
        "/account/sessions/{number}/end": both(await session(cast.editor), await session(cast.other_editor)),
        "/organisations/{number}": organisations,
        "/organisations/{number}/description": organisations,
        "/organisations/{number}/confirmation": organisations,
        "/organisations/{number}/people/new": organisations,
        "/organisations/{number}/people": organisations,
        "/api/v1/organisations/{number}": organisations,
        "/roles/{number}/end": both(await role(cast.editor), await role(cast.other_editor)),
        "/people/{number}": people,
        "/people/{number}/roles": people,
        "/people/{number}/invitation": people,
        "/people/{number}/closing": people,
        "/people/{number}/opening": people,
    }


def both(own, other, name="number"):
    return {"own": {name: str(own)}, "other": {name: str(other)}}


async def session(person):
    return await value("SELECT id FROM session WHERE token_sha256 = $1", hash_of(await open_session(person)))


async def offer(person, kind, giver, organisation_id=None):
    made = await insert(
        RoleOffer, account_id=person.id, kind=kind, organisation_id=organisation_id, name=person.name,
        email=person.email, offered_by=giver.id,
    )  # fmt: skip
    return made.id


async def role(person):
    return await value("SELECT id FROM role WHERE account_id = $1", person.id)


async def registration(cast):
    await execute(
        "INSERT INTO registration (token_sha256, email, facts, expires) VALUES ($1, 'new@example.org',"
        " jsonb_build_object('name', 'New', 'organisation_ka', 'ახალი', 'organisation_en', NULL,"
        " 'identification_code', '400000009', 'municipality_id', $2::text), clock_timestamp() + interval '1 day')",
        hash_of("somebody"), str(cast.vani.id),
    )  # fmt: skip
    return True
