"""A programme with many applications, the same ones each time: for measurements, in a database of its own."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from foundation.database import DB
from grants.applications.content import GATHER_SQL
from monitoring.indicators import summary
from tools.volume_grants import MADE_UP_EN, MADE_UP_KA, TABLES, fill_grants

SPACE = UUID("5f0a8d52-6f0b-4f4e-9a6e-2f3c1f6b7a10")
PAST_CALLS = 5
STATES = [("submitted", 10), ("admin_check", 15), ("clarification", 5), ("ineligible", 10), ("in_review", 20),
          ("scored", 15), ("withdrawn", 5), ("rejected", 10), ("approved", 10)]  # fmt: skip
KA = "სოფლის ბიუჯეტი ღია კარი ახალგაზრდები საკრებულო მოხალისეები წყალი გზა ბიბლიოთეკა ბაღი ქალთა ოთახი სერვისი".split()
EN = "village budget open doors youth council volunteers water road library kindergarten women rooms service".split()


async def fill(dsn: str, applications: int, drafts: int, seed: int = 7) -> dict[str, Any]:
    """As the owner of the tables, importing. Returns what the measurements ask for: sessions, numbers, references."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT set_config('subgrants.importing', 'on', false)")
        known = await Volume(connection, random.Random(seed)).fill(applications, drafts)
        known["rebuilt"] = await sum_up(dsn)
        await connection.execute("VACUUM ANALYZE")
        return known
    finally:
        await connection.close()


async def sum_up(dsn: str) -> float:
    """What is kept of the results, made anew; the seconds it took."""
    await DB.open(dsn, role=None)
    try:
        started = time.perf_counter()
        await summary.rebuild()
        return time.perf_counter() - started
    finally:
        await DB.close()


async def sign_in_again(dsn: str) -> None:
    """For measurements that begin long after it was made: who was idle meanwhile is not signed in any more."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "INSERT INTO session (token_sha256, account_id, expires, agent)"
        " SELECT sha256(convert_to('bench-' || email, 'UTF8')), id, now() + interval '3 hours', 'bench' FROM account"
        " WHERE email LIKE '%@example.org'"
        " ON CONFLICT (token_sha256) DO UPDATE SET expires = EXCLUDED.expires, seen = now()"
    )
    await connection.close()


class Volume:
    def __init__(self, connection: asyncpg.Connection, chance: random.Random):
        self.connection, self.chance = connection, chance

    async def fill(self, applications: int, drafts: int) -> dict[str, Any]:
        places = [r["id"] for r in await self.connection.fetch("SELECT id FROM municipality ORDER BY position")]
        calls = await self._calls(applications)
        organisations = await self._organisations(max(-(-applications // PAST_CALLS), drafts), places)
        async with self._unguarded("application"):
            async with self._unguarded("budget_line", "answer"):
                numbers = await self._applications(applications, calls, organisations)
            await self._bodies()
        await self._told(numbers)
        async with self.connection.transaction(), self._unguarded(*TABLES):
            await fill_grants(self.connection)
        open_call = await self.connection.fetchval("SELECT reference FROM call WHERE call_is_open(state) LIMIT 1")
        ready = await self._drafts(drafts, organisations)
        return {
            "numbers": numbers, "call": open_call, "drafts": ready, "own": await self._seen_by_curator(),
            "grants": await self._column("SELECT reference FROM award WHERE reference LIKE 'G-B-%' ORDER BY 1 LIMIT 500"),
            "ranked": "C-B-1", "grant_count": await self.connection.fetchval("SELECT count(*) FROM award"),
            "value_count": await self.connection.fetchval("SELECT count(*) FROM report_value"),
            **{
                name: await self._session(f"{name}@example.org")
                for name in ("curator", "donor", "manager", "chair", "finance", "reviewer")
            },
        }  # fmt: skip

    @asynccontextmanager
    async def _unguarded(self, *tables: str) -> AsyncIterator[None]:
        """The guards of single steps rest, for rows come as they stand after every step; keys to other tables are still
        checked. What only finds rows faster is made once they are all there."""
        indexes = await self.connection.fetch(
            "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index"
            " WHERE indrelid = ANY($1::text[]::regclass[]) AND NOT indisunique AND NOT indisexclusion",
            tables,
        )
        for table in tables:
            await self.connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for each in indexes:
            await self.connection.execute(f"DROP INDEX {each['name']}")
        yield
        await self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for each in indexes:
            await self.connection.execute(each["made"])
        for table in tables:
            await self.connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    async def _seen_by_curator(self) -> list[str]:
        return await self._column(
            """SELECT a.number FROM application a JOIN municipality m ON m.id = a.municipality_id
            WHERE a.number LIKE 'A-B-%' AND m.slug = ANY($1) ORDER BY a.number LIMIT 500""",
            ["vani", "khoni", "terjola", "bagdati"],
        )

    async def _column(self, sql: str, *args: Any) -> list[str]:
        return [each[0] for each in await self.connection.fetch(sql, *args)]

    async def _calls(self, applications: int) -> list[UUID]:
        """Copies of the example's call that is being evaluated, with its questions."""
        made = []
        for n in range(PAST_CALLS):
            made.append(
                await self.connection.fetchval(
                    """INSERT INTO call (programme_id, reference, state, title_ka, title_en, summary_ka, summary_en, text_ka,
                      text_en, currency, envelope, min_award, max_award, opens_at, deadline, created_by, approved_by)
                    SELECT programme_id, $1, state, title_ka || $2, title_en || $2, summary_ka, summary_en, text_ka,
                      text_en, currency, $4, min_award, max_award, opens_at - $3::interval, deadline - $3::interval,
                      created_by, approved_by FROM call WHERE call_is_evaluating(state) ORDER BY reference LIMIT 1 RETURNING id""",
                    f"C-B-{n + 1}",
                    f" {n + 1}",
                    timedelta(days=30 * n),
                    Decimal(max(100_000, 500 * applications)),
                )
            )
            section = await self.connection.fetchval(
                "INSERT INTO section (call_id, position, title_ka, title_en) VALUES ($1, 1, 'პროექტი', 'Project') RETURNING id",
                made[-1],
            )
            await self.connection.execute(
                """INSERT INTO question (call_id, section_id, position, kind, label_ka, label_en)
                SELECT $1, $2, n, 'long_text', 'შეკითხვა ' || n, 'Question ' || n FROM generate_series(1, 6) n""",
                made[-1], section,
            )  # fmt: skip
        return made

    async def _organisations(self, count: int, places: list[UUID]) -> list[tuple[UUID, UUID]]:
        """Each in a municipality, curated by the organisation that has it."""
        keeper = dict(await self.connection.fetch("SELECT municipality_id, organisation_id FROM curated_municipality"))
        made = [(uuid5(SPACE, f"organisation {n}"), places[n % len(places)]) for n in range(count)]
        await self._copy(
            "organisation",
            ["id", "kind", "name_ka", "name_en", "identification_code", "municipality_id", "curator_id", "experience"],
            [
                (
                    key,
                    "cso",
                    f"{MADE_UP_KA} ორგანიზაცია {n}",
                    f"{MADE_UP_EN} organisation {n}",
                    f"{500_000_000 + n}",
                    place,
                    keeper[place],
                    "new",
                )
                for n, (key, place) in enumerate(made)
            ],
        )
        return made

    async def _applications(self, count: int, calls: list[UUID], organisations: list[tuple[UUID, UUID]]) -> list[str]:
        deadlines = dict(await self.connection.fetch("SELECT id, deadline FROM call"))
        checker = await self.connection.fetchval("SELECT id FROM account WHERE email = 'curator@example.org'")
        manager = await self.connection.fetchval("SELECT id FROM account WHERE email = 'manager@example.org'")
        rows, lines, numbers = [], [], []
        for n in range(count):
            call = calls[n % PAST_CALLS]
            organisation, place = organisations[n // PAST_CALLS]
            state = self.chance.choices([name for name, _ in STATES], [weight for _, weight in STATES])[0]
            key, number = uuid5(SPACE, f"application {n}"), f"A-B-{n + 1:05}"
            numbers.append(number)
            requested = Decimal(self.chance.randrange(1000, 7001, 50))
            bad = state == "ineligible"
            rows.append(
                (
                    key, number, call, organisation, place, "EUR", state, f"{MADE_UP_KA}: {self._words(KA)}", f"{MADE_UP_EN}: {self._words(EN)}", self._words(KA, 25),
                    self._words(EN, 25), requested, Decimal(0), True, deadlines[call] - timedelta(minutes=self.chance.randrange(9000)),
                    checker, "{}", bytes(32), checker if state != "submitted" else None,
                    checker if bad else None, manager if bad else None, "example" if bad else None,
                )
            )  # fmt: skip
            half = (requested / 2).quantize(Decimal("0.01"))
            lines += [(key, 1, "people", self._words(KA, 2), Decimal(1), half, half),
                      (key, 2, "events", self._words(KA, 2), Decimal(1), requested - half, requested - half)]  # fmt: skip
        await self._copy(
            "application",
            ["id", "number", "call_id", "organisation_id", "municipality_id", "currency", "state", "title_ka", "title_en",
             "summary_ka", "summary_en", "requested", "own_contribution", "declared", "submitted_at", "submitted_by", "body",
             "body_sha256", "checked_by", "ineligible_proposed_by", "ineligible_confirmed_by", "ineligible_reason"],
            rows,
        )  # fmt: skip
        await self._copy(
            "budget_line", ["application_id", "position", "category", "item", "quantity", "unit_cost", "amount"], lines
        )
        await self.connection.execute(
            """INSERT INTO answer (application_id, question_id, value)
            SELECT a.id, q.id, repeat(a.summary_ka || ' ', 4) FROM application a JOIN question q ON q.call_id = a.call_id
            WHERE a.number LIKE 'A-B-%'"""
        )
        return numbers

    async def _bodies(self) -> None:
        """What was submitted, as the service itself would have frozen it."""
        gathered = GATHER_SQL.replace("$1", "outside.id")
        await self.connection.execute("ANALYZE application, answer, budget_line")
        await self.connection.execute(
            f"""UPDATE application outside SET body = ({gathered})::jsonb || '{{"version": 1}}'
            WHERE number LIKE 'A-B-%'"""
        )

    async def _told(self, numbers: list[str]) -> None:
        """The submissions in the log, with the chain that the database makes; a thousand at a time, for the head of the
        chain is written for each and its old versions can only be cleared away between transactions."""
        for first in range(0, len(numbers), 1000):
            await self.connection.execute(
                """WITH told AS (INSERT INTO event (at, actor, actor_name, actor_role, name, object_type, object_id,
                    request_id, payload_commit)
                  SELECT a.submitted_at, a.submitted_by, 'Signatory', 'signatory', 'application.submitted', 'application',
                    a.id, gen_random_uuid(), sha256(decode(repeat('00', 16), 'hex') || convert_to('{}', 'UTF8'))
                  FROM application a WHERE a.number = ANY($1) ORDER BY a.submitted_at RETURNING seq)
                INSERT INTO event_payload SELECT seq, decode(repeat('00', 16), 'hex'), '{}' FROM told""",
                numbers[first : first + 1000],
            )

    async def _drafts(self, count: int, organisations: list[tuple[UUID, UUID]]) -> list[dict[str, str]]:
        """Complete but for their document, each with a signatory who is signed in."""
        call = await self.connection.fetchrow("SELECT id, min_award FROM call WHERE call_is_open(state) LIMIT 1")
        documents = await self.connection.fetch(
            "SELECT id FROM required_document WHERE call_id = $1 AND required ORDER BY position", call["id"]
        )
        made = []
        for n in range(count):
            organisation, place = organisations[n]
            account = await self.connection.fetchval(
                "INSERT INTO account (email, name, example, password_hash) SELECT $1, $2, true, password_hash FROM account"
                " WHERE email = 'curator@example.org' RETURNING id",
                f"signatory.{n}@example.org", f"Signatory {n}",
            )  # fmt: skip
            await self.connection.execute(
                "INSERT INTO role (account_id, kind, organisation_id) VALUES ($1, 'signatory', $2)",
                account,
                organisation,
            )
            key = await self.connection.fetchval(
                """INSERT INTO application (number, call_id, organisation_id, municipality_id, currency, title_ka, title_en,
                  summary_ka, summary_en, requested, declared, starts_on, ends_on, created_by)
                VALUES ($1, $2, $3, $4, 'EUR', $5, $6, $7, $8, $9, true, current_date + 60, current_date + 200, $10)
                RETURNING id""",
                f"A-D-{n + 1:05}", call["id"], organisation, place, self._words(KA), self._words(EN),
                self._words(KA, 20), self._words(EN, 20), call["min_award"], account,
            )  # fmt: skip
            await self.connection.execute(
                "INSERT INTO answer (application_id, question_id, value) SELECT $1, id, CASE kind WHEN 'number' THEN '12'"
                " WHEN 'money' THEN '12.50' WHEN 'date' THEN '2030-01-01' WHEN 'yes_no' THEN 'yes'"
                " WHEN 'choice' THEN options->0->>'value' ELSE $2 END FROM question WHERE call_id = $3",
                key, self._words(KA, 60), call["id"],
            )  # fmt: skip
            await self.connection.execute(
                "INSERT INTO budget_line (application_id, position, category, item, quantity, unit_cost, amount)"
                " VALUES ($1, 1, 'people', 'კოორდინატორი', 1, $2, $2)",
                key, call["min_award"],
            )  # fmt: skip
            made.append(
                {
                    "number": f"A-D-{n + 1:05}", "id": str(key), "session": await self._session(f"signatory.{n}@example.org"),
                    "documents": [str(each["id"]) for each in documents],
                }
            )  # fmt: skip
        return made

    async def _session(self, email: str) -> str:
        token = f"bench-{email}"
        await self.connection.execute(
            "INSERT INTO session (token_sha256, account_id, expires, agent) SELECT $1, id, $2, 'bench' FROM account WHERE email = $3",
            hashlib.sha256(token.encode()).digest(), datetime.now(UTC) + timedelta(hours=2), email,
        )  # fmt: skip
        return token

    async def _copy(self, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
        await self.connection.copy_records_to_table(table, columns=columns, records=rows)

    def _words(self, words: list[str], count: int = 4) -> str:
        return " ".join(self.chance.choices(words, k=count))
