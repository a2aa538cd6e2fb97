"""Writing the plan of tranches while the agreement is drafted, and proposing one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.person import Person
from foundation.database import execute, insert, transaction
from foundation.language import gettext as _
from foundation.merging import kept_in
from foundation.money import money, parse_money, split
from foundation.refused import Refused
from grants.awards.actions import lock_for_update, refuse_unless_drafting
from grants.awards.queries import calendar_of
from grants.awards.tables import Award, ReportDue
from grants.disbursements import queries
from grants.disbursements.forms import Plan, TrancheLine
from grants.disbursements.lifecycle import ConditionKind
from grants.disbursements.tables import Tranche, TrancheCondition
from lifecycle.record import record


async def write_plan(award: Award, person: Person, plan: Plan) -> None:
    """The whole plan replaces the one before; what is missing to the grant is allowed until it is offered."""
    async with transaction():
        await lock_for_update(award, plan.revision)
        refuse_unless_drafting(award, person)
        there = await queries.tranches_of(award)
        if plan.seen is not None:
            plan = plan.over({"tranches": saved_lines(there, await queries.conditions_of(*there))})
        refuse_above_award(award, plan)
        calendar = {due.number: due for due in await calendar_of(award)}
        await execute(
            "DELETE FROM tranche_condition WHERE tranche_id IN (SELECT id FROM tranche WHERE award_id = $1)", award.id
        )
        await Tranche.delete().where(Tranche.award_id == award.id)
        rows = kept_in(plan.tranches, there)
        for number, (line, before) in enumerate(zip(plan.tranches, rows, strict=True), 1):
            tranche = await insert(
                Tranche,
                **({"id": before.id} if before else {}),
                award_id=award.id,
                organisation_id=award.organisation_id,
                currency=award.currency,
                number=number,
                amount=line.amount,
                planned_on=line.planned_on,
            )
            for condition in _conditions(line, calendar):
                await insert(TrancheCondition, tranche_id=tranche.id, **condition)
        await execute("UPDATE award SET updated = clock_timestamp() WHERE id = $1", award.id)
        await record("tranche.plan_written", person, award, amounts=[str(line.amount) for line in plan.tranches])


def refuse_above_award(award: Award, plan: Plan) -> None:
    planned = sum((line.amount for line in plan.tranches), Decimal(0))
    if planned > award.amount:
        raise Refused(
            _(
                "The tranches add up to {sum}, which is {more} more than the grant.",
                sum=money(planned, award.currency),
                more=money(planned - award.amount, award.currency),
            )
        )


def _conditions(line: TrancheLine, calendar: dict[int, ReportDue]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    if line.agreement_active:
        found.append({"kind": ConditionKind.AGREEMENT_ACTIVE})
    if line.report is not None:
        if line.report not in calendar:
            raise Refused(_("There is no report {number} in the calendar.", number=line.report))
        found.append({"kind": ConditionKind.REPORT_ACCEPTED, "report_due_id": calendar[line.report].id})
    if line.visit:
        found.append({"kind": ConditionKind.VISIT_APPROVED})
    if line.document_ka or line.document_en:
        found.append(
            {
                "kind": ConditionKind.DOCUMENT,
                "description_ka": line.document_ka,
                "description_en": line.document_en,
            }
        )
    if line.not_before:
        found.append({"kind": ConditionKind.DATE, "due_on": line.not_before})
    return [{**each, "kind": str(each["kind"])} for each in found]


def equal_parts(award: Award, count: int) -> list[Decimal]:
    return split(award.amount, [Decimal(1)] * count)


def proposal(award: Award, count: int, calendar: list[ReportDue]) -> list[dict[str, Any]]:
    """Equal parts: the first with the agreement, each later one after the report before it, as fields of the form."""
    lines = []
    for number, part in enumerate(equal_parts(award, count)):
        report = calendar[min(number, len(calendar)) - 1] if number and calendar else None
        planned = report.due_on + timedelta(days=14) if report else award.starts_on
        lines.append(
            {
                "amount": str(part),
                "planned_on": planned.isoformat() if planned else "",
                "agreement_active": "true" if number == 0 or report is None else "",
                "report": str(report.number) if report else "",
            }
        )
    return lines


def saved_lines(tranches: list[Any], conditions: list[Any]) -> list[dict[str, object]]:
    """What is saved, as fields of the form."""
    lines = []
    for tranche in tranches:
        line: dict[str, object] = {"id": tranche.id, "amount": tranche.amount, "planned_on": tranche.planned_on or ""}
        for condition in conditions:
            if condition.tranche_id == tranche.id:
                line |= _as_fields(condition)
        lines.append(line)
    return lines


def _as_fields(condition: Any) -> dict[str, object]:
    match condition.kind:
        case ConditionKind.AGREEMENT_ACTIVE:
            return {"agreement_active": "true"}
        case ConditionKind.REPORT_ACCEPTED:
            return {"report": str(condition.report_number)}
        case ConditionKind.VISIT_APPROVED:
            return {"visit": "true"}
        case ConditionKind.DATE:
            return {"not_before": condition.due_on}
        case _:
            return {"document_ka": condition.description_ka or "", "document_en": condition.description_en or ""}


def total_of(lines: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(line["amount"]) for line in lines), Decimal(0))


def typed_total(form: Mapping[str, str]) -> Decimal:
    """Of what can be read as money; the rest has an error beside it."""
    total = Decimal(0)
    for name, typed in form.items():
        if name.startswith("tranches.") and name.endswith(".amount"):
            try:
                total += parse_money(typed)
            except ValueError:
                continue
    return total
