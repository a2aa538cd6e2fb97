"""`make bench`: how fast the pages answer at 2,000 applications (or VOLUME of them), each beside a bare route.

It stands on the same framework. A tenth of the applications became grants with a hundred accepted values each.

The servers run as they do in production (granian, two processes) on one database; they are asked in turns, so what else
the machine does meets all of them. With more applications the same is asked of 2,000 in the same turns, so that growth
is measured and not remembered. SQL statements, bytes and requests are exact; times are worth a comparison only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from accounts.sessions import csrf_token
from entrypoints.example import PASSWORD
from foundation.migrating import migrate
from foundation.postgres import Cluster
from tools import volume
from tools.load import Answer, Connection, Steps, Times, form, one_by_one, request, together
from tools.papers import paper
from tools.site import Site, load_example, running_site

ROUNDS = 8  # one by one
AT_FULL_LOAD = 3
SMALL = 2000  # what more of them are measured against


@dataclass(frozen=True)
class Goal:
    """At most so much of something that was measured."""

    words: str
    most: float
    of: Callable[[Measured], float]

    def reached(self, measured: Measured) -> bool:
        """What was not measured in this run (growth of the few) misses nothing."""
        return not self.of(measured) > self.most


def p50(most: float) -> Goal:
    return Goal(f"p50 ≤ {most} ms", most, lambda it: it.ours.p50)


def p99(most: float) -> Goal:
    return Goal(f"p99 ≤ {most} ms", most, lambda it: it.ours.p99)


def bare_times(most: float) -> Goal:
    return Goal(f"≤ {most} × bare", most, lambda it: it.ratio)


def sql(most: int) -> Goal:
    return Goal(f"≤ {most} SQL", most, lambda it: it.statements)


def kilobytes(most: float) -> Goal:
    return Goal(f"≤ {most} KB of HTML", most, lambda it: it.html / 1000)


GROWTH = Goal("growth ≤ 1.5×", 1.5, lambda it: it.growth)


@dataclass(frozen=True)
class Operation:
    """One thing people do: our requests, the bare ones, and the goals of the project for it."""

    name: str
    ours: Steps
    bare: Steps
    goals: tuple[Goal, ...]
    page: str = ""  # the address whose weight is told
    session: str = ""
    count: int = 120
    once: bool = False  # each of our operations uses something up
    loaded: bool = True  # measured at full load as well
    grows: bool = True  # whether it must not take much longer where there is more


@dataclass
class Measured:
    operation: Operation
    ours: Times
    bare: Times
    statements: int = 0
    html: int = 0
    transferred: int = 0
    requests: int = 0
    small: Times = field(default_factory=Times)  # the same where there are few

    @property
    def ratio(self) -> float:
        return self.ours.p50 / self.bare.p50

    @property
    def growth(self) -> float:
        return self.ours.p50 / self.small.p50

    @property
    def goals(self) -> list[Goal]:
        """Growth only where it was measured."""
        measured = self.operation.grows and bool(self.small.runs)
        return [*self.operation.goals, GROWTH] if measured else list(self.operation.goals)

    @property
    def reached(self) -> bool:
        return all(goal.reached(self) for goal in self.goals)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--applications", type=int, default=2000, help="2000 or 100000, as make bench VOLUME=100000 has it"
    )
    asked.add_argument("--seconds", type=float, default=1.5, help="how long each round at full load lasts")
    asked.add_argument("--only", default="", help="a part of the name of what is measured")
    asked.add_argument("--kept", type=Path, help="a folder for the databases, to be measured again")
    asked.add_argument("--output", type=Path, default=Path("var/bench.json"))
    given = asked.parse_args()
    started = time.perf_counter()
    with ExitStack() as stack:
        folder = given.kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sg-bench-")))
        here = stack.enter_context(filled(folder / str(given.applications), given.applications))
        made = time.perf_counter() - started
        few_of_them = given.applications > SMALL
        there = stack.enter_context(filled(folder / str(SMALL), SMALL)) if few_of_them else None
        # attempts to sign in are counted by address: each comes from another one
        ours = stack.enter_context(here.served("tools.counted:app"))
        bare = stack.enter_context(here.served("tools.bare:app"))
        small = stack.enter_context(there.served("tools.counted:app")) if there else None
        known = here.known
        chosen = [each for each in operations(known, ours.address) if given.only in each.name]
        beside = {each.name: each for each in operations(there.known, small.address)} if there and small else {}
        results = asyncio.run(
            measure(ours.address, bare.address, chosen, given.seconds, small.address if small else "", beside)
        )
        weigh(ours.address, results)
        alone = stack.enter_context(here.served("tools.counted:app", 1))
        files = asyncio.run(measure_files(alone.address, known)) if not given.only else []
    tell(results, known, made, time.perf_counter() - started)
    tell_files(files)
    tell_goals(results, known)
    keep(results, files, known, given)


@dataclass
class Filled:
    """A database with so many applications, and what is known of it."""

    dsn: str
    folder: Path
    known: dict

    def served(self, app: str, processes: int = 2) -> AbstractContextManager[Site]:
        return running_site(self.dsn, self.folder, serve=server(app, processes), SUBGRANTS_TRUSTED_PROXIES="*")


@contextmanager
def filled(folder: Path, applications: int) -> Iterator[Filled]:
    """Made without care for a loss of power, measured with it. In a folder that is kept it is made once."""
    folder.mkdir(parents=True, exist_ok=True)
    known = folder / "known.json"
    if not known.exists():
        with Cluster(folder / "postgres", durable=False) as cluster:
            asyncio.run(migrate(cluster.dsn))
            print("Loading the example …", flush=True)
            load_example(cluster.dsn, folder)
            print(f"Writing {applications} applications …", flush=True)
            found = asyncio.run(volume.fill(cluster.dsn, applications, drafts=450))
            known.write_text(json.dumps(found), encoding="utf-8")
    with Cluster(folder / "postgres") as cluster:
        asyncio.run(migrate(cluster.dsn))
        asyncio.run(volume.sign_in_again(cluster.dsn))
        yield Filled(cluster.dsn, folder, json.loads(known.read_text(encoding="utf-8")))


def server(app: str, processes: int = 2) -> list[str]:
    """PORT is known only when it starts, so a shell fills it in."""
    words = f"{sys.executable} -m granian --interface asgi --factory --host 127.0.0.1 --workers {processes} --no-ws"
    return ["/bin/sh", "-c", f'exec {words} --log-level warning --port "$PORT" {app}']


def operations(known: dict, address: str) -> list[Operation]:
    chance = random.Random(11)
    tag = asyncio.run(tag_of(address, f"/en/calls/{known['call']}"))
    curator, call = known["curator"], known["call"]
    drafts = iter(known["drafts"])
    signed = {"cookie": f"sid={curator}"}
    typed = {"content-type": "application/x-www-form-urlencoded", "origin": "http://127.0.0.1"}

    def sign_in() -> list[bytes]:
        there = ".".join(str(chance.randrange(1, 250)) for _ in range(4))
        # several at once with one e-mail would be refused as guessing
        email = f"signatory.{chance.randrange(len(known['drafts']))}@example.org"
        body = urlencode({"email": email, "password": PASSWORD})
        return [request("POST", "/en/sign-in", {**typed, "x-forwarded-for": there}, body.encode())]

    def bare_sign_in() -> list[bytes]:
        body = urlencode({"email": "curator@example.org", "password": PASSWORD})
        return [request("POST", "/sign-in", typed, body.encode())]

    def submission() -> list[bytes]:
        draft = next(drafts)
        token, cookie = (
            csrf_token(draft["session"]),
            {"cookie": f"sid={draft['session']}", "origin": "http://127.0.0.1"},
        )
        fields = {"csrf_token": token, "document_id": draft["documents"][0]}
        kind, body = form(fields, {"file": ("extract.pdf", "application/pdf", paper(chance))})
        where = f"/en/applications/{draft['number']}"
        return [
            request("POST", f"{where}/documents", {**cookie, "content-type": kind}, body),
            request("POST", f"{where}/submission", {**cookie, **typed}, f"csrf_token={token}".encode()),
        ]

    def bare_submission() -> list[bytes]:
        return [request("POST", "/submission", {"content-type": "application/pdf"}, paper(chance))]

    def seen_by(who: str, path: str) -> Steps:
        """The page as its reader has it; a public one made anew, for else it would come from where it is kept."""
        headers = {"cookie": f"sid={known[who]}"} if who else {}

        def ask() -> list[bytes]:
            again = f"{'&' if '?' in path else '?'}again={chance.random()}" if not who else ""
            return [request("GET", f"{path}{again}", headers)]

        return ask

    def bare_list() -> list[bytes]:
        return [request("GET", f"/list?now=in_review&place={chance.choice(places)}")]

    def bare_path() -> str:
        return f"/en/bare/list?now=in_review&place={chance.choice(places)}"

    def bare_row() -> list[bytes]:
        return [request("GET", f"/application/{chance.choice(known['own'])}")]

    def rows(who: str, goals: tuple[Goal, ...], **named: str) -> list[Operation]:
        return [
            Operation(
                f"{name.replace('_', ' ')}{f', {who}' if who else ''}", seen_by(who, path), bare_list, goals,
                count=ROUNDS * 5, loaded=False,
            )
            for name, path in named.items()
        ]  # fmt: skip

    def results(who: str, **named: str) -> list[Operation]:
        return [
            Operation(
                name.replace("_", " "), seen_by(who, path), bare_row, (p50(15), p99(60)), count=ROUNDS * 5, loaded=False
            )
            for name, path in named.items()
        ]

    word, georgian = quote("youth council"), quote("ახალგაზრდები")
    deep = -(-len(known["numbers"]) // 100)  # in the middle, at fifty a page
    listing = "/en/applications?state=in_review&municipality=vani"
    places = ("vani", "khoni", "terjola", "bagdati")
    return [
        Operation(
            # nearly all of it is the hash, slow by choice: what it should take depends on the machine
            "sign-in", sign_in, bare_sign_in, (p50(150), bare_times(1.5)), count=24, page="/en/sign-in"
        ),
        Operation(
            "application list, filtered",
            lambda: [request("GET", f"/en/applications?state=in_review&municipality={chance.choice(places)}", signed)],
            lambda: [request("GET", f"/list?now=in_review&place={chance.choice(places)}")],
            (bare_times(4), sql(8), kilobytes(60)), page=listing, session=curator,
        ),
        Operation(
            "application page",
            lambda: [request("GET", f"/en/applications/{chance.choice(known['own'])}", signed)],
            lambda: [request("GET", f"/application/{chance.choice(known['own'])}")],
            (p50(8), sql(8)), page=f"/en/applications/{known['own'][0]}", session=curator,
        ),
        Operation(
            "submission with 20 KB file", submission, bare_submission, (p50(30), sql(15)), count=40, once=True,
        ),
        Operation(
            "open call, anonymous",
            lambda: [request("GET", f"/en/calls/{call}")],
            lambda: [request("GET", f"/call/{call}")],
            (p50(5),), page=f"/en/calls/{call}",
        ),
        Operation(
            # no two alike, so each is made from the database
            "open call, made anew",
            lambda: [request("GET", f"/en/calls/{call}?again={chance.random()}")],
            lambda: [request("GET", f"/call/{call}")],
            (p50(5),),
        ),
        Operation(
            "open call, unchanged: 304",
            lambda: [request("GET", f"/en/calls/{call}", {"if-none-match": tag})],
            lambda: [request("GET", f"/call/{call}")],
            (p50(5), sql(1), kilobytes(0)),
        ),
        # the same list as the bare one's, once inside all that happens around a request, and once with who asks
        Operation("bare list inside our layers", lambda: [request("GET", bare_path())], bare_list, (), loaded=False),
        Operation("the same, signed in", lambda: [request("GET", bare_path(), signed)], bare_list, (), loaded=False),
        *rows(
            "manager", (bare_times(4),), applications="/en/applications",
            applications_deep=f"/en/applications?page={deep}",
            applications_by_amount="/en/applications?sort=-requested",
            applications_by_place="/en/applications?sort=municipality",
            applications_by_organisation="/en/applications?sort=organisation", organisations="/en/organisations",
            people="/en/people", grants_being_made="/en/awards", approvals="/en/approvals", visits="/en/visits",
            reports="/en/reports", recommendations="/en/recommendations", calls="/en/manage/calls",
            indicators="/en/indicators",
        ),
        *rows("curator", (bare_times(4),), applications="/en/applications"),
        *rows("reviewer", (bare_times(4),), reviews="/en/reviews"),
        *rows("finance", (bare_times(4),), payments="/en/payments", ledger="/en/ledger"),
        *rows(
            "", (bare_times(4),), public_grants="/en/grants", public_grants_by_paid="/en/grants?sort=-paid",
            public_calls="/en/calls", public_meetings="/en/meetings", public_achievements="/en/achievements",
            public_publications="/en/publications",
        ),
        *rows(
            "manager", (p50(25), p99(120)), search_latin=f"/en/applications?q={word}",
            search_georgian=f"/en/applications?q={georgian}", search_number="/en/applications?q=A-B-00042",
            search_nothing="/en/applications?q=qqqqzzzz", search_grants=f"/en/awards?q={word}",
            search_organisations="/en/organisations?q=organisation", search_visits="/en/visits?q=V-B",
            search_recommendations="/en/recommendations?q=recommendation",
        ),
        *rows(
            "finance", (p50(25), p99(120)), search_payments="/en/payments?q=order",
            search_ledger="/en/ledger?q=envelope",
        ),
        *rows("", (p50(25), p99(120)), search_public_grants=f"/en/grants?q={word}"),
        *rows(
            "chair", (p50(50),), ranking=f"/en/calls/{known['ranked']}/ranking",
            ranking_deep=f"/en/calls/{known['ranked']}/ranking?page={max(1, deep // 10)}",
        ),
        *rows("manager", (p50(50),), reviews_of_a_call=f"/en/calls/{known['ranked']}/reviews"),
        *(
            each
            for who in ("manager", "curator", "finance", "reviewer")
            for each in rows(who, (p50(20),), today="/en/today")
        ),
        Operation(
            "donor page", seen_by("donor", "/en/donor"), bare_row, (p50(15), p99(60)), page="/en/donor",
            session=known["donor"],
        ),
        *results(
            "", results="/en/results", one_result="/en/results/I-1", municipality="/en/municipalities/vani",
            public_grant=f"/en/grants/{known['grants'][0]}", first_page="/en", budget="/en/budget", map="/en/map",
        ),
        *results(
            "donor", donor_of_a_place="/en/donor?municipality=vani", donor_money_paid="/en/donor/money/paid",
            donor_money_verified="/en/donor/money/verified", donor_money_by_grant="/en/donor/money/verified?by=grant",
            donor_visits="/en/donor/visits", donor_reports="/en/donor/reports", donor_trouble="/en/donor/trouble",
        ),
    ]  # fmt: skip


async def tag_of(address: str, path: str) -> str:
    connection = Connection(address)
    answer = await connection.ask(request("GET", path))
    connection.close()
    return answer.headers["etag"]


def good(answer: Answer) -> bool:
    """A refusal would be fast, too."""
    return answer.status in (200, 303, 304) and "sign-in" not in answer.headers.get("location", "")


async def measure(
    ours: str, bare: str, listed: list[Operation], seconds: float, small: str, beside: Mapping[str, Operation]
) -> list[Measured]:
    """`beside`: the same operations where there are few, at the address `small`."""
    results = []
    for it in listed:
        print(f"Measuring: {it.name} …", flush=True)
        result = Measured(it, Times(), Times())
        result.statements, result.html = await statements(ours, it)
        await one_by_one(ours, it.ours, 3, Times(), good)
        await one_by_one(bare, it.bare, 3, Times(), good)
        less = beside.get(it.name)
        if less:
            await one_by_one(small, less.ours, 3, Times(), good)
        for _ in range(ROUNDS):
            await one_by_one(bare, it.bare, it.count // ROUNDS, result.bare, good)
            await one_by_one(ours, it.ours, it.count // ROUNDS, result.ours, good)
            if less:
                await one_by_one(small, less.ours, it.count // ROUNDS, result.small, good)
        for _ in range(AT_FULL_LOAD if it.loaded else 0):
            await together(bare, it.bare, seconds, result.bare, good)
            await together(ours, few(it.ours, 80) if it.once else it.ours, seconds, result.ours, good)
        results.append(result)
    return results


# Lists as files, of as many rows as there are: who asks, and for what.
FILES = {
    "applications, CSV": ("manager", "/en/applications.csv"),
    "ranking, CSV": ("chair", "/en/calls/C-B-1/ranking.csv"),
    "ranking, XLSX": ("chair", "/en/calls/C-B-1/ranking.xlsx"),
    "ledger, CSV": ("finance", "/en/ledger.csv"),
    "ledger, XLSX": ("finance", "/en/ledger.xlsx"),
    "grants, CSV": ("manager", "/en/awards.csv"),
    "grants, XLSX": ("manager", "/en/awards.xlsx"),
    "public grants, CSV": ("", "/en/grants?as=csv"),
}


@dataclass
class File:
    """How long until its first and its last byte, how much memory it took at most, and how long meanwhile the longest
    of the short answers of the same process took."""

    name: str
    first: float
    whole: float
    bytes: int
    memory_mb: float
    pause: float


async def measure_files(address: str, known: dict) -> list[File]:
    """One process serves, so that everything else it does waits where the file makes it wait."""
    made = []
    for name, (who, path) in FILES.items():
        print(f"Measuring: {name} …", flush=True)
        made.append(await _file(address, name, path, known.get(who, "")))
    return made


async def _file(address: str, name: str, path: str, session: str) -> File:
    headers = {"cookie": f"sid={session}"} if session else {}
    beside, pauses, done = Connection(address), list[float](), asyncio.Event()
    before = int((await beside.ask(request("GET", "/health/live"))).headers["x-memory-kb"])

    async def ping() -> None:
        while not done.is_set():
            started = time.perf_counter()
            await beside.ask(request("GET", "/health/live"))
            pauses.append(time.perf_counter() - started)
            await asyncio.sleep(0.005)

    pinging = asyncio.create_task(ping())
    connection, started = Connection(address), time.perf_counter()
    answer = await connection.ask(request("GET", path, headers))
    whole = time.perf_counter() - started
    done.set()
    await pinging
    if answer.status != 200:
        raise RuntimeError(f"{name}: {answer.status} {answer.said()}")
    after = int((await beside.ask(request("GET", "/health/live"))).headers["x-memory-kb"])
    connection.close()
    beside.close()
    return File(name, connection.first - started, whole, len(answer.plain()), (after - before) / 1000, max(pauses))


def few(steps: Steps, most: int) -> Steps:
    """Until so many are used up."""
    left = iter(range(most))
    return lambda: steps() if next(left, None) is not None else []


async def statements(address: str, it: Operation) -> tuple[int, int]:
    """SQL statements of one operation on a warm process, and the bytes of its answer before they are compressed."""
    fewest, size = 10_000, 0
    for _ in range(4):
        connection, total = Connection(address), 0
        for each in it.ours():
            answer = await connection.ask(each)
            if not good(answer):
                raise RuntimeError(f"{it.name}: {answer.status} {answer.headers} {answer.body[:300]!r}")
            total += int(answer.headers["x-statements"])
            size = len(answer.plain())
        connection.close()
        fewest = min(fewest, total)
    return fewest, size


def weigh(address: str, results: list[Measured]) -> None:
    """What a browser that has nothing yet takes over the line; without Chromium this stays unknown."""
    from tools.chromium import installed
    from tools.site import CHROMIUM_FLAGS

    path = installed()
    if path is None:
        print("No Chromium here: the weight of whole pages is not told.")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        for result in results:
            if not result.operation.page:
                continue
            context = browser.new_context(viewport={"width": 390, "height": 844})
            if result.operation.session:
                context.add_cookies([{"name": "sid", "value": result.operation.session, "url": address}])
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            sizes: list[int] = []
            session.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            page.goto(address + result.operation.page, wait_until="networkidle")
            result.transferred, result.requests = int(sum(sizes)), len(sizes)
            context.close()
        browser.close()


def tell(results: list[Measured], known: dict, made: float, seconds: float) -> None:
    print(
        f"\n{len(known['numbers'])} applications, {known['grant_count']} grants, {known['value_count']} values,"
        f" {os.cpu_count()} cores, {seconds:.0f} s for everything ({made:.0f} of them to make it). Times in ms."
        f"\nWhat is kept of the results was made anew in {known['rebuilt']:.1f} s:"
        f" {known['rebuilt'] / known['value_count'] * 100_000:.1f} s for 100,000 values.\n"
    )
    columns = f"{'p50':>8}{'p99':>8}{'req/s':>8}"
    head = f"{'':34}{columns}   bare:{columns}{'ratio':>7}{'growth':>8}   {'SQL':>4}{'KB':>7}{'req':>5}"
    print(head)
    print("-" * len(head))
    for r in results:
        weight = f"{r.transferred / 1000:7.1f}{r.requests:5}" if r.requests else f"{'–':>7}{'–':>5}"
        growth = f"{r.growth:7.1f}×" if r.small.runs else f"{'–':>8}"
        print(
            f"{r.operation.name:34}{_columns(r.ours)}        {_columns(r.bare)}{r.ratio:6.1f}×{growth}   "
            f"{r.statements:4}{weight}"
        )
    print(
        "\nSQL is of one operation; KB and req are of a browser's first load of its page."
        "\np50 is of the quietest of the runs, which alternate; a ratio is p50 beside the bare route's, growth beside"
        f" the same page's at {SMALL} applications in the same turns."
    )


def _columns(times: Times) -> str:
    loaded = f"{times.per_second:8.0f}" if times.rounds else f"{'–':>8}"
    return f"{times.p50:8.1f}{times.p99:8.1f}{loaded}"


def tell_goals(results: list[Measured], known: dict) -> None:
    """Every goal with what was measured; what is missed says so."""
    again = known["rebuilt"] / known["value_count"] * 100_000
    told = [(r.operation.name, goal.words, goal.of(r), goal.reached(r)) for r in results for goal in r.goals]
    if known["value_count"] >= 100_000:  # fewer are not what takes the time
        told.append(("results made anew", "≤ 3 s for 100,000 values", again, again <= 3))
    head = f"\n{'':34}{'goal':28}{'measured':>10}"
    print(head)
    print("-" * len(head))
    for name, words, measured, reached in told:
        print(f"{name:34}{words:28}{measured:10.1f}   {'met' if reached else 'MISSED'}")
    missed = sorted({name for name, _words, _measured, reached in told if not reached})
    print(f"\n{sum(each[3] for each in told)} of {len(told)} goals are met.")
    print(f"Goals missed: {', '.join(missed)}." if missed else "Every goal is met.")


def tell_files(files: list[File]) -> None:
    if not files:
        return
    head = f"\n{'':34}{'first byte':>12}{'whole, s':>10}{'MB':>8}{'memory, MB':>12}{'longest pause, ms':>19}"
    print(head)
    print("-" * len(head))
    for each in files:
        print(
            f"{each.name:34}{each.first:12.2f}{each.whole:10.2f}{each.bytes / 1e6:8.1f}{each.memory_mb:12.0f}"
            f"{each.pause * 1000:19.0f}"
        )


def keep(results: list[Measured], files: list[File], known: dict, given: argparse.Namespace) -> None:
    said = {
        "applications": given.applications,
        "grants": known["grant_count"],
        "values": known["value_count"],
        "rebuilt_seconds": known["rebuilt"],
        "files": [asdict(each) for each in files],
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "operations": [
            {
                "name": r.operation.name,
                "goals": [{"goal": g.words, "measured": g.of(r), "reached": g.reached(r)} for g in r.goals],
                "ours": _times(r.ours),
                "bare": _times(r.bare),
                "few": _times(r.small),
                "ratio": r.ratio,
                "statements": r.statements,
                "html_bytes": r.html,
                "first_load_bytes": r.transferred,
                "first_load_requests": r.requests,
            }
            for r in results
        ],
    }
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {given.output}.")


def _times(times: Times) -> dict[str, float | None]:
    told = {"p50_ms": times.p50, "p99_ms": times.p99, "per_second": times.per_second}
    return {name: None if math.isnan(each) else each for name, each in told.items()}


if __name__ == "__main__":
    main()
