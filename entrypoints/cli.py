"""The command `subgrants`: everything an operator does that is not done in the browser."""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn

import asyncpg
from pydantic import ValidationError

from entrypoints.reaching import migrated_database, prepared_database, psql, psql_environment, reachable_database
from foundation.database import DB
from foundation.language import speaking
from foundation.money import money
from foundation.postgres import DatabaseUnavailable
from foundation.refused import Refused
from foundation.settings import settings

ROLES = (
    "editor signatory reviewer chair curator manager finance director donor auditor admin".split()  # as the table has
)


PROGRAMME = {
    "name-ka": "its name in Georgian",
    "name-en": "its name in English",
    "donor-ka": "who pays, in Georgian",
    "donor-en": "who pays, in English",
    "currency": "EUR, GEL or USD; stays",
    "budget": "all there is for sub-grants",
    "director-threshold": "from this amount on the director approves awards",
    "most-per-organisation": "the most one organisation may be awarded in all",
    "exchange-method": "inforeuro or nbg: whose rates join currencies",
    "contract-number": "of the contract with the donor",
    "starts-on": "the first day, as 2026-03-01",
    "ends-on": "the last day",
    "help-phone": "shown to whoever needs help",
    "help-email": "likewise",
}


LIMITS = {
    "currency": "EUR, GEL or USD; another than the programme's own",
    "budget": "all there is for sub-grants in it",
    "director-threshold": "from this amount on the director authorises payments",
    "most-per-organisation": "the most one organisation may be awarded in it",
}


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else list(arguments)
    if not given:
        parser().print_help(sys.stderr)
        return 2
    asked = parser().parse_args(given)
    # Both, because a shell that starts us in the background has Ctrl-C ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        settings()
        if asked.acts:
            from entrypoints.rooms import open_house

            open_house()
        return asked.command(asked) or 0
    except ValidationError as error:
        # Only the sentences: what was typed may be a password.
        return fail("\n".join(_about_setting(problem) for problem in error.errors(include_input=False)))
    except (DatabaseUnavailable, Refused) as error:
        return fail(str(error))
    except (asyncpg.PostgresConnectionError, OSError) as error:
        return fail(f"The database cannot be reached: {error}")
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        return fail(f"The database does not let us in: {error.args[0]}. Look at SUBGRANTS_DATABASE_URL.")
    except asyncpg.InsufficientPrivilegeError as error:
        return fail(f"The database's user lacks a right: {error.args[0]}.")
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="subgrants", description="Sub-grants from open call to verified result.")
    commands = made.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, to_do: Any, words: str, group: Any = commands, acts: bool = False
    ) -> argparse.ArgumentParser:
        """What one that acts does is recorded, and what it touches asks other rooms: the house has to be open. The
        rest starts at once."""
        added = group.add_parser(name, help=words, description=words)
        added.set_defaults(command=to_do, acts=acts)
        return added

    def group(name: str, words: str) -> Any:
        return commands.add_parser(name, help=words, description=words).add_subparsers(required=True, metavar="WHAT")

    command("run", run, "Start everything on this machine: database, web and worker.")
    serve_ = command("serve", serve, "Serve the web application alone.")
    serve_.add_argument("--processes", type=_positive, default=1, help="how many share the work (production)")
    command("worker", worker, "Do what follows events and what is due, alone.")
    command("migrate", migrate, "Bring the database's tables up to date.")
    check_ = command("check", check, "Say whether settings, database and folders are fit for use.")
    check_.add_argument("--database", action="store_true", help="ask about the database alone")
    database_ = command("database", database, "Print the database's address.")
    database_.add_argument("--shell", action="store_true", help="open psql there instead")

    example = group("example", "The example programme.")
    command("load", example_load, "Load it; loading twice changes nothing.", example, acts=True)
    command("reset", example_reset, "Put it back as it was at first.", example, acts=True)

    own = group("programme", "The programme of your own.")
    programme = command("set", programme_set, "Begin it, or change what is given.", own, acts=True)
    for option, words in PROGRAMME.items():
        programme.add_argument(f"--{option}", help=words, metavar="…", default=argparse.SUPPRESS)
    limits = command("limits", programme_limits, "Set what it may give in another currency.", own, acts=True)
    for option, words in LIMITS.items():
        limits.add_argument(f"--{option}", help=words, metavar="…", default=argparse.SUPPRESS)

    rates = command("import", rates_import, "Read a file of theirs.", group("rates", "Exchange rates."), acts=True)
    rates.add_argument("source", choices=["inforeuro", "nbg"])
    rates.add_argument("file", type=Path, help="JSON or CSV, as it is published")
    rates.add_argument("--month", default="", help="of a monthly InforEuro file, as 2026-12")

    user = command("add", user_add, "Add a person and print their invitation.", group("user", "People."), acts=True)
    user.add_argument("email", type=_email)
    user.add_argument("--name", required=True, help="as others read it")
    user.add_argument("--role", required=True, choices=ROLES)
    user.add_argument(
        "--organisation", metavar="CODE", help="its identification code, for editor, signatory, curator, and for donor"
    )
    user.add_argument("--language", choices=["ka", "en"], default="ka", help="of their letters and pages")

    command("verify", audit_verify, "Verify the chain of events.", group("audit", "The record of what happened."))
    results = group("results", "The sums that pages of results are made of.")
    command(
        "rebuild",
        results_rebuild,
        "Add up every accepted value, the money of each grant and the reviews anew.",
        results,
        acts=True,
    )
    return made


def run(_: argparse.Namespace) -> int:
    from entrypoints.running import run_everything

    return run_everything()


def serve(asked: argparse.Namespace) -> None:
    from entrypoints.serving import serve_web

    with migrated_database():
        serve_web(asked.processes)


def worker(_: argparse.Namespace) -> None:
    from entrypoints.worker import main as work

    with migrated_database():
        result = work()
        if isinstance(result, Coroutine):
            asyncio.run(result)


def migrate(_: argparse.Namespace) -> None:
    with prepared_database():
        print("The database is up to date.")


def check(asked: argparse.Namespace) -> int:
    from entrypoints.checking import check_everything

    with reachable_database() as dsn:
        return asyncio.run(check_everything(dsn, machine=not asked.database))


def database(asked: argparse.Namespace) -> int:
    with reachable_database() as dsn:
        if not asked.shell:
            print(dsn)
            return 0
        # In the environment, because the list of processes shows every argument.
        return subprocess.run([psql(dsn)], env=os.environ | psql_environment(dsn), check=False).returncode


def example_load(_: argparse.Namespace) -> None:
    from entrypoints.example import load

    _refuse_in_production()
    with prepared_database() as dsn:
        asyncio.run(load(dsn))
        print("The example programme is loaded.")


def example_reset(_: argparse.Namespace) -> None:
    from entrypoints.example import reset

    _refuse_in_production()
    with prepared_database() as dsn:
        asyncio.run(reset(dsn))
        print("The example programme is as it was at first.")


def _refuse_in_production() -> None:
    if settings().production:
        raise Refused("The settings say production, and a production installation does not take the example programme.")


def programme_set(asked: argparse.Namespace) -> int:
    from accounts.programme.actions import set_programme

    said = {name: given for name, given in vars(asked).items() if name.replace("_", "-") in PROGRAMME}
    with prepared_database() as dsn, speaking("en"):
        DB.config = {"dsn": dsn}
        try:
            programme = asyncio.run(set_programme(said))
        except ValidationError as error:
            return fail("\n".join(_about_option(problem) for problem in error.errors(include_input=False)))
        print(f"The programme is set: {programme.name_en}, {money(programme.budget, programme.currency)}.")
    return 0


def programme_limits(asked: argparse.Namespace) -> int:
    from accounts.programme.actions import set_limits
    from accounts.programme.forms import Limits

    said = {name: given for name, given in vars(asked).items() if name.replace("_", "-") in LIMITS}
    with prepared_database() as dsn, speaking("en"):
        DB.config = {"dsn": dsn}
        try:
            limits = Limits.model_validate(said)
        except ValidationError as error:
            return fail("\n".join(_about_option(problem) for problem in error.errors(include_input=False)))
        asyncio.run(set_limits(limits))
        print(f"The programme may give {money(limits.budget, limits.currency)}.")
    return 0


def rates_import(asked: argparse.Namespace) -> int:
    from accounts.programme.rates import Method, keep, read

    method = Method(asked.source)
    try:
        text = asked.file.read_text(encoding="utf-8-sig")
        rates = read(method, text, asked.month)
    except (ValueError, KeyError, AttributeError, OSError) as error:
        return fail(f"{asked.file} cannot be read as a file of this source: {error}")
    with prepared_database() as dsn, speaking("en"):
        DB.config = {"dsn": dsn}
        new = asyncio.run(keep(method, rates, text))
        print(f"{len(rates)} rates, of which {new} are new.")
    return 0


def user_add(asked: argparse.Namespace) -> None:
    from accounts.people.actions import add_person

    async def add(dsn: str) -> None:
        await DB.open(dsn, size=2)
        try:
            link = await add_person(
                email=asked.email,
                name=asked.name,
                role=asked.role,
                organisation_code=asked.organisation,
                language=asked.language,
            )
        finally:
            await DB.close()
        print(f"{asked.name} can choose a password here, once, in the next days:\n{settings().address}{link}")

    with prepared_database() as dsn, speaking("en"):
        asyncio.run(add(dsn))


def results_rebuild(_: argparse.Namespace) -> int:
    from foundation.kept import count_again
    from monitoring.indicators.summary import rebuild

    async def carry_out(dsn: str) -> int:
        from foundation.database import DB

        await DB.open(dsn, size=2)
        try:
            await count_again()
            return await rebuild()
        finally:
            await DB.close()

    with reachable_database() as dsn:
        print(f"The results of {asyncio.run(carry_out(dsn))} grants were added up anew.")
    return 0


def audit_verify(_: argparse.Namespace) -> int:
    from lifecycle.verify import verify

    async def ask(dsn: str) -> list[tuple[int, str]]:
        await DB.open(dsn, size=2)
        try:
            return await verify()
        finally:
            await DB.close()

    with migrated_database() as dsn:
        broken = asyncio.run(ask(dsn))
    for number, why in broken:
        print(f"Event {number}: {why}")
    print(f"{len(broken)} links of the chain are broken." if broken else "The chain of events is whole.")
    return 1 if broken else 0


def fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _about_setting(problem: Any) -> str:
    sentence = _sentence(problem)
    name = "_".join(str(part) for part in problem["loc"])
    if not name:
        return sentence
    name = name if name == "PORT" else f"SUBGRANTS_{name.upper()}"
    return f"{name}: {sentence}"


def _about_option(problem: Any) -> str:
    sentence = "is needed" if problem["type"] == "missing" else _sentence(problem)
    name = "-".join(str(part) for part in problem["loc"]).replace("_", "-")
    return f"--{name}: {sentence}" if name else sentence


def _sentence(problem: Any) -> str:
    return problem["msg"].removeprefix("Value error, ")


def _email(text: str) -> str:
    from pydantic import TypeAdapter

    from accounts.forms import Email

    try:
        return TypeAdapter(Email).validate_python(text)
    except ValidationError:
        raise argparse.ArgumentTypeError("write an e-mail address, for example nino@example.org") from None


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _stop(*_: object) -> NoReturn:
    """SIGTERM ends a command as Ctrl-C does, so that what was started is stopped."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
