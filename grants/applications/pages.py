"""Applications from both sides of the table: an organisation's own, and what staff see of what was sent."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import Provide
from litestar.params import FromPath, QueryParameter

from accounts.person import Person
from foundation.language import N_, language
from foundation.language import gettext as _
from foundation.refused import Refused
from grants.applications import actions, forms, progress, queries, standing
from grants.applications.checking import actions as checking
from grants.applications.content import content_of
from grants.applications.drafting.actions import read_attachment
from grants.applications.export import as_csv
from grants.applications.lifecycle import MOVES, UNSENT, WITHDRAW, State, its_people
from grants.applications.receipt import receipt_pdf
from grants.applications.tables import Application
from grants.calls.queries import call_of as call_by_reference
from grants.calls.tables import Call
from lifecycle.record import history_of
from uploads.pages import send
from web.doors import signed_in
from web.forms import Invalid, parse, read_form
from web.pages import Given, found, page, see
from web.shell import menu_entry

HERE = "grants/applications/templates"

menu_entry(20, N_("My applications"), "/applications", queries.applies)
menu_entry(30, N_("Applications"), "/applications", lambda person: queries.triages(person) and not queries.applies(person))


async def this_application(number: FromPath[str], person: Given[Person]) -> Application:
    """The application in the address; 404 unless this person may see it."""
    return found(await queries.application_of(person, number))


async def its_call(application: Given[Application]) -> Call:
    return await queries.call_of(application)
