"""What few may read stands on nobody else's page, list, download or API answer."""

import importlib

import pytest

from foundation.database import execute
from tests.builders.awards import GOOD_IBANS, a_bank_account
from tests.cast import ROLES
from tests.house.test_access import FILES, allowed, rows_of
from tests.house.test_malformed import asked
from tests.importing import importing

IBAN = GOOD_IBANS[2]
WRITTEN = "canary-of-a-reviewer"
# an organisation's account: itself, and those who move the money or look after it
ACCOUNT_FOR = {"editor", "signatory", "curator", "manager", "finance", "director", "auditor", "admin"}
# what a reviewer writes: those who decide, and reviewers
WORDS_FOR = {"reviewer", "reviewer2", "chair", "manager", "director", "auditor", "admin", "curator", "curator2"}


@pytest.mark.parametrize("name", FILES)
async def test_accounts_and_reviews_are_read_by_few(name, cast, client):
    await a_bank_account(cast, cast.vani_youth, iban=IBAN)
    parameters = await importlib.import_module(f"tests.access.{name}").objects(cast)
    async with importing():
        await execute("ALTER TABLE review DISABLE TRIGGER USER")
        await execute("ALTER TABLE score DISABLE TRIGGER USER")
        await execute("UPDATE review SET comment = $1", WRITTEN)
        await execute("UPDATE score SET comment = $1", WRITTEN)
    leaks = []
    for who in (None, *ROLES):
        await client.sign_out()
        if who:
            await client.sign_in(cast.people[who])
        for row in rows_of(name):
            if row["method"] != "GET":
                continue
            given = parameters.get(f"GET {row['path']}", parameters.get(row["path"], {}))
            for case in ("own", "other") if "{" in row["path"] else ("own",):
                if "{" in row["path"] and case not in given:
                    continue
                path = row["path"].format(**given.get(case, {}))
                answer = await asked(client.get, path if path.startswith("/api/") else f"/en{path}")
                text = answer.content.decode("utf-8", "replace")
                if who not in ACCOUNT_FOR and IBAN in text.replace(" ", "").replace("\u00a0", ""):
                    leaks.append(f"the account: {path} as {who}")
                # with the signed minutes its people read what was written of their application, without names
                decided = row["path"].endswith("/decision") and who in allowed(row[case])
                if who not in WORDS_FOR and not decided and WRITTEN in text:
                    leaks.append(f"a review: {path} as {who}")
    assert not leaks, "\n".join(leaks)
