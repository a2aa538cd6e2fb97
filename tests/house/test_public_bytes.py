"""What everybody can have tells nothing about a person: no name in a file's name, note or hidden caption, and no count
that the public pages hide. Somebody who has just registered, or reviews, is everybody here."""

import importlib
import re
from decimal import Decimal

import pytest
from PIL import Image

from foundation.database import execute
from monitoring.indicators import summary
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report
from tests.builders.uploads import a_jpeg, a_photo
from tests.builders.visits import a_visit, a_visit_photo
from tests.house.test_access import FILES, rows_of
from tests.house.test_malformed import asked
from tests.importing import importing

NAME = "canary-of-nino"
# Beside a count of 3 it is hidden: whoever reads it and the total knows the 3.
BESIDE = 46137
GROUPED = re.compile(r"46[,.\s\u00a0\u202f]?137")
TOLD_INSIDE = (
    ("upload", f"filename = '{NAME}.pdf'"), ("report_value", f"note = '{NAME}', verdict_note = '{NAME}'"),
    ("spending_line", f"note = '{NAME}', verdict_note = '{NAME}'"), ("visit", f"notes = '{NAME}'"),
    ("visit_photo", f"caption_ka = '{NAME}', caption_en = '{NAME}'"),
)  # fmt: skip


async def counts(cast):
    """Organisations and municipalities that none of the readers has to do with."""
    people = await an_indicator(cast, code="CANARY")
    for organisation, number in ((cast.vani_youth, 3), (cast.guria_women, BESIDE)):
        award = await an_award(cast, organisation=organisation)
        await a_promise(cast, award, people)
        await a_report(cast, award, "accepted", reported=Decimal(number))
    await summary.sum_up_what_waits()


@pytest.mark.parametrize("name", FILES)
async def test_no_public_answer_tells_a_name_or_a_hidden_count(name, cast, client):
    await counts(cast)
    given = await importlib.import_module(f"tests.access.{name}").objects(cast)
    async with importing():
        for table, words in TOLD_INSIDE:
            await execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            await execute(f"UPDATE {table} SET {words}" + (" WHERE NOT public" if table == "visit_photo" else ""))
    leaks = []
    for who in (None, "nobody_special", "reviewer"):
        await client.sign_out()
        if who:
            await client.sign_in(cast.people[who])
        for path in addresses(name, given):
            answer = await asked(client.get, path)
            said = f"{answer.headers} {answer.content.decode('utf-8', 'replace')}"
            if GROUPED.search(said):
                leaks.append(f"the count: {path} as {who}")
            if who != "reviewer" and NAME in said:  # reviewers read files and answers of the applications they judge
                leaks.append(f"the name: {path} as {who}")
    assert not leaks, "\n".join(leaks)


def addresses(name, given):
    codes = {"/indicators/{code}", "/api/v1/indicators/{code}", "/results/{code}", "/donor/results/{code}"}
    for row in rows_of(name):
        if row["method"] != "GET":
            continue
        objects = given.get(f"GET {row['path']}", given.get(row["path"], {}))
        filled = [row["path"].format(**objects[case]) for case in ("own", "other") if case in objects]
        filled += [row["path"].format(code="CANARY")] if row["path"] in codes else []
        for path in filled if "{" in row["path"] else [row["path"]]:
            yield path if path.startswith("/api/") else f"/en{path}"


async def test_a_public_photo_has_a_name_of_ours_and_is_gone_at_once(cast, client):
    exif = Image.Exif()
    exif[0x010E] = NAME
    visit = await a_visit(cast)
    upload = await a_photo(cast.curator, a_jpeg(exif=exif, comment=NAME.encode()), f"{NAME}.jpg")
    photo = await a_visit_photo(cast, visit, public=True, upload_id=upload.id)
    for path in (f"/en/visits/{visit.reference}/photos/{photo.id}/{what}" for what in ("file", "small")):
        answer = await client.get(path)
        assert answer.status_code == 200 and NAME.encode() not in answer.content
        assert NAME not in str(answer.headers) and "no-cache" in answer.headers["cache-control"]
        again = await client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    disposition = (await client.get(f"/en/visits/{visit.reference}/photos/{photo.id}/file")).headers
    assert f"{visit.reference}-{photo.id.hex[-8:]}.jpg" in disposition["content-disposition"]
    await client.sign_in(cast.manager)
    sent = await client.send_form(f"/en/visits/{visit.reference}/photos/{photo.id}", {"public": "false"})
    assert sent.status_code == 303
    await client.sign_out()
    for path in (f"/en/visits/{visit.reference}/photos/{photo.id}/{what}" for what in ("file", "small")):
        kept = await client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert kept.status_code in (303, 404), path
