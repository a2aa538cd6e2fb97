"""How far a draft is: its parts, what each still lacks, and whether it may be sent. The task list, the check page,
the API and the sending itself ask here, so they cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from foundation.clock import TBILISI, after
from foundation.language import N_, day, ngettext, pick_text
from foundation.language import gettext as _
from foundation.money import money
from grants.applications import budget, shapes
from grants.applications.tables import Application
from grants.calls.tables import Call

LONGEST_TITLE = 200
LONGEST_ANSWER = 40_000
LONGEST_SUMMARY = 20_000
LONGEST_YEARS = 3
TOO_LONG = N_("A project takes at most three years.")


@dataclass(frozen=True)
class Problem:
    """`field` is the name of the form's field on the page of the part."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Part:
    """One row of the task list; `path` is below /applications/{number}/. `state`: done, part, todo, or optional."""

    key: str
    path: str
    title: str
    state: str
    hint: str = ""
    problems: list[Problem] = field(default_factory=list)


def parts_of(application: Application, call: Call, content: dict[str, Any]) -> list[Part]:
    """In the order in which people fill them in."""
    return [
        about(application, call),
        *(section(each) for each in content["sections"]),
        the_budget(application, call, content),
        *([documents(content)] if content["documents"] else []),
        declaration(application),
    ]


def groups(parts: list[Part]) -> list[tuple[str, list[Part]]]:
    """As the task list shows them."""
    first = [part for part in parts if part.key == "about"]
    last = [part for part in parts if part.key in ("documents", "declaration")]
    between = [part for part in parts if part not in first and part not in last]
    return [(_("Beginning"), first), (_("The project"), between), (_("Documents and signature"), last)]


def unfinished(parts: list[Part]) -> list[Part]:
    return [part for part in parts if part.problems]


def about(application: Application, call: Call) -> Part:
    problems = []
    typed = application.typed or {}
    code = application.language
    for name, missing in (
        ("title", _("Write the title of the project.")),
        ("summary", _("Write what the project is about, in a few sentences.")),
    ):
        own = [getattr(application, f"{name}_{tongue}") for tongue in (code, "en" if code == "ka" else "ka")]
        if not any((text or "").strip() for text in own):
            problems.append(Problem(f"{name}_{code}", missing))
    for tongue in ("ka", "en"):
        if len(getattr(application, f"title_{tongue}") or "") > LONGEST_TITLE:
            too_long = _("The title is too long: at most {most} characters.", most=LONGEST_TITLE)
            problems.append(Problem(f"title_{tongue}", too_long))
        if len(getattr(application, f"summary_{tongue}") or "") > LONGEST_SUMMARY:
            too_long = _("The summary is too long: at most {most} characters.", most=LONGEST_SUMMARY)
            problems.append(Problem(f"summary_{tongue}", too_long))
    if application.municipality_id is None:
        problems.append(Problem("municipality_id", _("Choose the municipality where the project takes place.")))
    elif application.municipality_id not in call.municipality_ids:
        problems.append(Problem("municipality_id", _("This call is not for the chosen municipality. Choose another.")))
    for name, missing in (
        ("starts_on", _("Write the day on which the project begins.")),
        ("ends_on", _("Write the day on which the project ends.")),
    ):
        if getattr(application, name) is not None:
            if said := _out_of_range(name, application, call):
                problems.append(Problem(name, said))
            continue
        kept = typed.get(name)
        if kept and shapes.read_date(kept):
            problems.append(Problem(name, _("The project cannot end before it begins.")))
        else:
            problems.append(Problem(name, shapes.wrong({"kind": "date"}, kept) or missing if kept else missing))
    touched = any((application.title_ka, application.title_en, application.starts_on, application.ends_on, typed))
    title = (application.title_ka or application.title_en) and pick_text(application, "title")
    return Part("about", "about", _("The project in short"), _state(problems, touched), title or "", problems)


def _out_of_range(name: str, application: Application, call: Call) -> str | None:
    """A project begins after the call has closed, within three years, and takes at most three."""
    last_day = call.deadline.astimezone(TBILISI).date()
    if name == "starts_on" and not last_day < application.starts_on <= after(last_day, LONGEST_YEARS):
        return _("The project begins after the deadline of the call, {day}, and within three years.", day=day(last_day))
    if (
        name == "ends_on"
        and application.starts_on
        and application.ends_on > after(application.starts_on, LONGEST_YEARS)
    ):
        return _(TOO_LONG)
    return None


def section(content: dict[str, Any]) -> Part:
    problems, answered = [], 0
    questions = content["questions"]
    for question in questions:
        typed = (question["value"] or "").strip()
        answered += bool(typed)
        name = pick_text(question, "label")
        if not typed:
            if question["required"]:
                problems.append(Problem(str(question["id"]), _("Answer this: “{question}”", question=name)))
        elif len(typed) > LONGEST_ANSWER:
            problems.append(Problem(str(question["id"]), _("This answer is too long: “{question}”", question=name)))
        elif said := shapes.wrong(question, typed):
            problems.append(Problem(str(question["id"]), said + " " + _("(“{question}”)", question=name)))
    hint = _("{answered} of {all} answered", answered=answered, all=len(questions)) if len(questions) > 1 else ""
    state = _state(problems, answered > 0)
    if not answered and not problems:
        state = "optional"
    return Part(str(content["id"]), f"sections/{content['id']}", pick_text(content, "title"), state, hint, problems)


def the_budget(application: Application, call: Call, content: dict[str, object]) -> Part:
    rows, lines, errors = budget_of(application, content)
    problems = [Problem(name, sentence) for name, sentence in errors.items()]
    asked = budget.requested(lines)
    limits = {"least": money(call.min_award, call.currency), "most": money(call.max_award, call.currency)}
    if not rows:
        problems.append(Problem("lines.0.item", _("Write the budget: at least one row.")))
    elif asked > call.max_award:
        problems.append(Problem("lines.0.item", _("You ask for more than the limit of this call, {most}.", **limits)))
    elif asked < call.min_award and not errors:
        problems.append(Problem("lines.0.item", _("You ask for less than this call gives, {least}.", **limits)))
    hint = _("The limit is {most}", **limits)
    if rows:
        hint = _("{amount} asked, the limit is {most}", amount=money(asked, call.currency), **limits)
    if errors:
        cells = ngettext("{n} cell to correct", "{n} cells to correct", len(errors))
        hint = _("{asked}. {cells}", asked=hint, cells=cells)
    return Part("budget", "budget", _("Budget"), _state(problems, bool(rows)), hint, problems)


def budget_of(application: Application, content: dict[str, Any]):
    """Rows as last typed, the lines that are whole, and errors by cell."""
    kept = (application.typed or {}).get("budget")
    rows = kept if kept is not None else budget.typed_again(content["budget"])
    return rows, *budget.read(rows, application.currency)


def documents(content: dict[str, Any]) -> Part:
    problems = [
        Problem(str(each["id"]), _("Attach this document: “{document}”", document=pick_text(each, "title")))
        for each in content["documents"]
        if each["required"] and not each["files"]
    ]
    needed = [each for each in content["documents"] if each["required"]] or content["documents"]
    there = sum(bool(each["files"]) for each in needed)
    hint = _("{there} of {all} documents attached", there=there, all=len(needed))
    return Part("documents", "documents", _("Documents"), _state(problems, there > 0), hint, problems)


def declaration(application: Application) -> Part:
    problems = []
    if not application.declared:
        problems.append(Problem("declared", _("The signatory confirms the declaration.")))
    return Part("declaration", "declaration", _("Declaration and consent"), _state(problems, False), "", problems)


def _state(problems: list[Problem], touched: bool) -> str:
    return "done" if not problems else "part" if touched else "todo"
