"""The agreement as a document: what it says in each language, and the PDF of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from foundation.clock import today
from foundation.database import Row
from foundation.in_words import money_in_words
from foundation.language import day, label, language, number, pick_text, speaking
from foundation.language import gettext as _
from foundation.money import money
from grants.applications.budget import Category
from grants.awards import clauses, queries
from grants.awards.forms import AgreementLanguage, ReportKind
from grants.awards.tables import Award
from web.paper import pdf

TEMPLATE = "grants/awards/templates/agreement.typ"
BLANK = "________________________"


async def body_of(award: Award, version: int, made_on: date | None = None) -> dict[str, Any]:
    """All the document says, in the prevailing language first. Kept with the agreement, so it can be made again."""
    made_on = made_on or today()
    parties = await queries.parties_of(award)
    tranches = await queries.tranches_of(award)
    conditions = await queries.conditions_of(award)
    calendar = await queries.calendar_of(award)
    budget = await queries.budget_of(award)
    promised = await queries.promises_of(award)
    written = ["ka", "en"] if award.agreement_language == AgreementLanguage.BOTH else [award.agreement_language]
    written.sort(key=lambda code: code != award.prevailing_language)
    texts = []
    for code in written:
        with speaking(code):
            texts.append(
                _text(code, award, version, made_on, parties, tranches, conditions, calendar, budget, promised)
            )
    return {"reference": award.reference, "version": version, "amount": str(award.amount), "texts": texts}


async def pdf_of(body: dict[str, object], draft: bool = False) -> bytes:
    return await pdf(TEMPLATE, {**body, "draft": draft})


def _text(
    code, award, version, made_on, parties, tranches, conditions, calendar, budget, promised
) -> dict[str, object]:
    funder = (
        pick_text(parties, "funder")
        if parties["funder_ka"] or parties["funder_en"]
        else pick_text(parties, "programme")
    )
    return {
        "lang": code,
        "title": _("Grant agreement {reference}", reference=award.reference),
        "under": _("Version {version}, {day}", version=version, day=day(made_on))
        if version
        else _("Draft of {day}", day=day(made_on)),
        "page": _("Page"),
        "draft": _("Draft, not for signature"),
        "example": _("Example data: the amounts, scores and addresses here are invented.")
        if parties["example"]
        else "",
        "emblem": [_("Funded by the European Union"), _("Emblem of the European Union")],
        "programme": pick_text(parties, "programme"),
        "parties": [
            [_("Funder"), _party(funder, parties["funder_code"], parties["director_name"])],
            [_("Grantee"), _party(pick_text(parties, "grantee"), parties["grantee_code"], parties["signatories"])],
            [_("Programme"), _programme(parties)],
            [_("Project"), pick_text(award, "title")],
            [_("Municipality"), pick_text(parties, "place") if parties["place_ka"] else "—"],
            [_("Grant"), money(award.amount, award.currency)],
            [_("Period"), _("{start} to {end}", start=day(award.starts_on), end=day(award.ends_on))],
        ],
        "sections": _sections(award, parties, tranches, conditions, calendar, promised),
        "annex": _("Annex: budget"),
        "budget": _budget(award, budget),
        "signatures": {
            "title": _("Signatures"),
            "sides": [
                [_("For the funder"), funder, parties["director_name"] or BLANK],
                [_("For the grantee"), pick_text(parties, "grantee"), parties["signatories"] or BLANK],
            ],
            "name": _("Name"),
            "signature": _("Signature"),
            "date": _("Date"),
            "seal": _("Place of the seal, where there is one"),
        },
    }


def _budget(award: Award, lines: list[Row]) -> dict[str, object]:
    """The budget of the grant, line by line, and in a sentence how much of it the grant pays. Lines that were struck
    out with a cut are not part of it."""
    lines = [line for line in lines if line["amount"]]
    whole, own = sum(line["amount"] for line in lines), sum(line["own_share"] for line in lines)
    return {
        "head": [
            _("Cost heading"), _("Item"), _("Quantity"), _("Unit cost"), _("Amount"), _("Own share"),
            _("From the grant"),
        ],
        "rows": [_budget_line(line, award.currency) for line in lines],
        "total": [_("Total"), "", "", "", *(money(sum_, award.currency) for sum_ in (whole, own, whole - own))],
        "said": _(
            clauses.BUDGET if whole - own == award.amount else clauses.BUDGET_ABOVE,
            amount=money(award.amount, award.currency),
        ),
    }  # fmt: skip


def _party(name: str, identification_code: str | None, people: str | None) -> str:
    if identification_code and people:
        return _(
            "{name}, identification code {code}, represented by {people}",
            name=name,
            code=identification_code,
            people=people,
        )
    if people:
        return _("{name}, represented by {people}", name=name, people=people)
    return name


def _programme(parties) -> str:
    name, donor = pick_text(parties, "programme"), pick_text(parties, "donor")
    if parties["contract_number"]:
        return _(
            "{name}, financed by {donor}, contract {number}", name=name, donor=donor, number=parties["contract_number"]
        )
    return _("{name}, financed by {donor}", name=name, donor=donor)


def _budget_line(line, currency) -> list[str]:
    return [
        label(Category(line["category"])),
        line["item"],
        # a line that was cut is agreed as an amount; quantity and price were those of the application
        f"{number(line['quantity'])} {line['unit'] or ''}".strip() if line["amount"] == line["asked"] else "—",
        money(line["unit_cost"], currency) if line["amount"] == line["asked"] else "—",
        money(line["amount"], currency),
        money(line["own_share"], currency),
        money(line["amount"] - line["own_share"], currency),
    ]


def _sections(award, parties, tranches, conditions, calendar, promised) -> list[dict[str, object]]:
    """Numbered in the document. A part is a paragraph, or a table of head and rows."""
    words = money_in_words(award.amount, award.currency, language.get())
    start, end = day(award.starts_on), day(award.ends_on)
    sections: list[tuple[str, list[Any]]] = [
        (
            _("Subject of the agreement"),
            [_(clauses.SUBJECT, number=parties["application_number"]), _(clauses.PERIOD, start=start, end=end)],
        ),
        (
            _("Amount"),
            [
                _(clauses.AMOUNT, amount=money(award.amount, award.currency), words=words),
                _(clauses.NO_PROFIT),
            ],
        ),
        (_("Payment"), [_(clauses.PAYMENT), _tranche_table(tranches, conditions)]),
        *([(_("Promised results"), [_(clauses.RESULTS), _promises_table(promised)])] if promised else []),
        (_("Reports"), [_(clauses.REPORTS), _calendar_table(calendar)]),
        (_("Purchases and integrity"), [_(clauses.PURCHASES), _(clauses.INTEGRITY)]),
        (_("Visits and documents"), [_(clauses.VISITS), _(clauses.PERSONAL_DATA)]),
        (_("Visibility"), [_(clauses.EMBLEM), _(clauses.DISCLAIMER)]),
        (_("Changes"), [_(clauses.CHANGES)]),
        (_("Suspension, end and recovery"), [_(clauses.SUSPENSION), _(clauses.RECOVERY)]),
        (_("Language, law and entry into force"), [_language(award), _(clauses.LAW), _(clauses.FORCE)]),
    ]
    if award.special_conditions_ka or award.special_conditions_en:
        sections.append((_("Special conditions"), pick_text(award, "special_conditions").split("\n\n")))
    return [{"title": title, "parts": parts} for title, parts in sections]


def _tranche_table(tranches, conditions) -> dict[str, object]:
    return {
        "head": [_("Tranche"), _("Amount"), _("Planned day"), _("Conditions")],
        "rows": [
            [
                number(each["number"]),
                money(each["amount"], each["currency"]),
                day(each["planned_on"]),
                conditions_in_words(conditions, each["number"]),
            ]
            for each in tranches
        ],
        "right": [1],
    }


def _promises_table(promised: list[Row]) -> dict[str, object]:
    return {
        "head": [_("Result"), _("Unit"), _("Baseline"), _("Target")],
        "rows": [
            [
                pick_text(each, "name"),
                pick_text(each, "unit") if each["unit_ka"] or each["unit_en"] else "—",
                _aim(each, each["baseline"], each["baseline_of"]),
                _aim(each, each["target"], each["target_of"]),
            ]
            for each in promised
        ],
        "right": [2, 3],
        "wide": True,
    }


def _aim(promised: Row, level: Decimal | None, of: Decimal | None) -> str:
    """A number; of a share the part and its whole, of a grade its word."""
    if level is None:
        return "—"
    if promised["grades_ka"]:
        at = int(level) - 1
        return pick_text({f"grade_{code}": promised[f"grades_{code}"][at] for code in ("ka", "en")}, "grade")
    said = number(level.to_integral_value() if level == level.to_integral_value() else level.normalize())
    return _("{part} of {whole}", part=said, whole=number(of.to_integral_value())) if of is not None else said


def _calendar_table(calendar) -> dict[str, object]:
    return {
        "head": [_("Report"), _("Kind"), _("Period"), _("Due")],
        "rows": [
            [
                number(due.number),
                label(ReportKind(due.kind)),
                _("{start} to {end}", start=day(due.period_from), end=day(due.period_to)),
                day(due.due_on),
            ]
            for due in calendar
        ],
        "right": [],
    }


def conditions_in_words(conditions, tranche_number: int) -> str:
    said = [condition_in_words(each) for each in conditions if each["tranche_number"] == tranche_number]
    return "; ".join(said) or _("none")


def condition_in_words(condition) -> str:
    """One condition as people read it; `condition` has report_number when it is about a report."""
    described = condition["description_ka"] or condition["description_en"]
    match condition["kind"]:
        case "agreement_active":
            return _("the agreement is signed by both sides")
        case "report_accepted":
            return _("report {number} is accepted", number=condition["report_number"] or "")
        case "visit_approved":
            return _("a monitoring visit is approved")
        case "date":
            return _("{day} has come", day=day(condition["due_on"]))
        case _:
            return _(
                "document received: {document}", document=pick_text(condition, "description") if described else "—"
            )


def _language(award) -> str:
    clauses_of = clauses.IN_BOTH if award.agreement_language == AgreementLanguage.BOTH else clauses.IN_ONE
    return _(clauses_of[award.prevailing_language])
