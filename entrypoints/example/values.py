"""What the invented grants promise and have reached: each kind of indicator, with every verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from entrypoints.example.marks import Marks
from entrypoints.example.papers import document, kept
from entrypoints.example.people import Example
from entrypoints.example.plans import Grant
from foundation.database import insert
from monitoring.indicators.tables import AwardIndicator, Indicator
from monitoring.reports.tables import Report, ReportValue, ValueEvidence

D = Decimal


@dataclass(frozen=True)
class Told:
    """A value in one report, and what checking it came to. Words count one."""

    reported: Decimal | None
    verdict: str = "verified"
    verified: Decimal | None = None
    of: Decimal | None = None
    verified_of: Decimal | None = None
    words: tuple[str | None, str | None] = (None, None)
    no_data: str | None = None


def right(reported: str, of: str | None = None) -> Told:
    whole = D(of) if of else None
    return Told(D(reported), verified=D(reported), of=whole, verified_of=whole)


def account(ka: str | None, en: str | None, verdict: str = "verified") -> Told:
    return Told(D(1), verdict, D(1) if verdict == "verified" else None, words=(ka, en))


# Beside the counts of words.INDICATORS, one of every other kind.
KINDS: list[dict[str, Any]] = [
    {
        "code": "I-5", "kind": "stock", "time_rule": "last", "target": D(6),
        "name_ka": "სამუშაო ჯგუფები, რომლებიც რეგულარულად იკრიბება", "name_en": "Working groups that meet regularly",
        "unit_ka": "ჯგუფი", "unit_en": "groups",
        "definition_ka": "რამდენი ჯგუფი მუშაობს პერიოდის ბოლოს.",
        "definition_en": "How many groups are at work at the end of the period.",
    },
    {
        "code": "I-6", "kind": "running_total", "time_rule": "last", "target": D(60), "baseline": D(0),
        "name_ka": "წინადადებები, რომლებზეც მერიამ წერილობით უპასუხა",
        "name_en": "Proposals that the City Hall answered in writing", "unit_ka": "წინადადება", "unit_en": "proposals",
        "definition_ka": "ყველა, გრანტის დაწყებიდან.", "definition_en": "All of them since the grant began.",
    },
    {
        "code": "I-7", "kind": "ratio", "target": D(60), "target_of": D(80),
        "name_ka": "საკრებულოს სხდომები, რომლებიც ერთი კვირით ადრე გამოცხადდა",
        "name_en": "Council sessions announced a week ahead", "unit_ka": "სხდომა", "unit_en": "sessions",
        "definition_ka": "ერთი კვირით ადრე გამოცხადებული სხდომები ყველა სხდომიდან.",
        "definition_en": "Sessions announced a week ahead, out of all sessions.",
    },
    {
        "code": "I-8", "kind": "mean", "time_rule": "mean", "target": D(4),
        "name_ka": "კმაყოფილება მოქალაქეთა მიღებით, 1-დან 5-მდე",
        "name_en": "Satisfaction with the reception of citizens, 1 to 5", "unit_ka": "ქულა", "unit_en": "points",
        "definition_ka": "მიღებიდან გამოსვლისას დასმული ერთი კითხვის საშუალო.",
        "definition_en": "Mean of one question asked when leaving the reception.",
    },
    {
        "code": "I-9", "kind": "unique", "people": True, "target": D(500),
        "name_ka": "სხვადასხვა ადამიანი, ვინც მონაწილეობდა", "name_en": "Different people who took part",
        "unit_ka": "ადამიანი", "unit_en": "people",
        "definition_ka": "თითოეული ადამიანი ერთხელ ითვლება, რამდენჯერაც არ უნდა მოვიდეს.",
        "definition_en": "Each person counts once, however often they came.",
    },
    {
        "code": "I-10", "kind": "ordinal", "time_rule": "last",
        "name_ka": "რამდენად განხორციელდა დაპირებული ცვლილება", "name_en": "How far the promised change has come",
        "definition_ka": "კურატორი შეფასებას მუნიციპალიტეტის დოკუმენტებს ადარებს.",
        "definition_en": "The curator compares the grade with documents of the municipality.",
        "grades_ka": ["არ დაწყებულა", "დაიწყო", "ნაწილობრივ შესრულდა", "შესრულდა"],
        "grades_en": ["not begun", "begun", "done in part", "done"],
    },
    {
        "code": "I-11", "kind": "text", "time_rule": "last",
        "name_ka": "რა შეიცვალა ადამიანების ცხოვრებაში", "name_en": "What changed in people’s lives",
        "definition_ka": "ერთი ამბავი, რომლის შემოწმებაც შეიძლება.", "definition_en": "One story that can be checked.",
    },
]  # fmt: skip
# By grant and indicator: baseline and target, each with what it is of.
PROMISED: dict[str, dict[str, dict[str, Decimal]]] = {
    "EX-01": {
        "I-5": {"target": D(3)}, "I-6": {"baseline": D(0), "target": D(20)},
        "I-7": {"baseline": D(2), "baseline_of": D(10), "target": D(15), "target_of": D(20)},
        "I-8": {"target": D(4), "target_of": D(60)}, "I-9": {"target": D(120)},
        "I-10": {"baseline": D(1), "target": D(4)}, "I-11": {},
    },
    "EX-03": {
        "I-5": {"target": D(2)}, "I-7": {"target": D(12), "target_of": D(16)}, "I-9": {"target": D(100)},
        "I-10": {"baseline": D(1), "target": D(3)}, "I-11": {},
    },
    "EX-10": {
        "I-5": {"target": D(2)}, "I-6": {"baseline": D(0), "target": D(25)},
        "I-8": {"target": D("4.2"), "target_of": D(80)}, "I-10": {"baseline": D(2), "target": D(4)}, "I-11": {},
    },
}  # fmt: skip
# What each report says of them.
TOLD: dict[str, dict[str, tuple[Told, ...]]] = {
    "EX-01": {
        "I-5": (right("2"),), "I-6": (Told(D(14), "corrected", D(12)),), "I-7": (right("12", "20"),),
        "I-8": (right("4.2", "25"),), "I-9": (Told(D(96), "not_verifiable"),), "I-10": (right("3"),),
        "I-11": (
            account(
                "მცხოვრებლებმა გზის შეკეთება თვითონ შეარჩიეს; სამუშაო ოქტომბერში დასრულდა.",
                "Residents chose the road that was repaired; the work was finished in October.",
            ),
        ),
    },
    "EX-03": {
        "I-5": (Told(D(2), "contradicted"),),
        "I-7": (Told(D(11), "corrected", D(9), of=D(16), verified_of=D(16)),),
        "I-9": (right("84"),), "I-10": (Told(D(3), "corrected", D(2)),),
        "I-11": (account("დღის ცენტრი ახლა შაბათსაც ღიაა.", None, "not_verifiable"),),
    },
    "EX-10": {
        "I-5": (right("1"), right("2")), "I-6": (right("9"), right("21")),
        "I-8": (right("3.6", "40"), right("4.4", "52")), "I-10": (right("2"), right("4")),
        "I-11": (
            Told(None, no_data="პირველ პერიოდში ამბავი ჯერ არ იყო."),
            account(
                "შშმ პირმა პირველად თვითონ შეიტანა განცხადება მერიაში.",
                "A person with a disability handed in an application at the City Hall alone for the first time.",
            ),
        ),
    },
}  # fmt: skip
NOTES = {
    "corrected": "დოკუმენტებით სხვა რიცხვი დასტურდება.",
    "contradicted": "დოკუმენტი მიღებული არ არის.",
    "not_verifiable": "სიები სახელების გარეშეა; განმეორებით მოსული ადამიანები არ ჩანს.",
}


async def more_indicators(example: Example, marks: Marks, there: int) -> list[Indicator]:
    made = []
    for position, facts in enumerate(KINDS, there + 1):
        row = {"time_rule": "sum", "place_rule": "sum", "people": False} | facts
        indicator = await insert(Indicator, programme_id=example.programme.id, position=position, **row)
        marks.invented(indicator, "target", "baseline")
        made.append(indicator)
    return made


async def promise(made: Grant, code: str, indicators: list[Indicator]) -> None:
    """`code` is the organisation's; the grants that ended early promise only counts."""
    own: dict[str, dict[str, Decimal]] = {} if made.ended_early else dict(PROMISED.get(code, {}))
    for n, indicator in enumerate(indicators):
        if indicator.code in made.plan.values or (not made.plan.values and n < 2):
            target = {"I-1": 200, "I-2": 3, "I-3": 2, "I-4": 30}[indicator.code]
            own[indicator.code] = {"baseline": D(0), "target": D(target)}
        if indicator.code in own:
            await insert(AwardIndicator, award_id=made.award.id, indicator_id=indicator.id, **own[indicator.code])


def told_by(made: Grant, code: str, number: int) -> dict[str, Told]:
    """What one report says, by indicator."""
    told = {}
    for indicator, (reported, verdict, verified) in made.plan.values.items():
        told[indicator] = Told(D(reported), verdict, None if verified is None else D(verified))
        if number == 2:
            told[indicator] = right(str(max(reported // 3, 1)))
    if not made.ended_early:
        told |= {name: each[number - 1] for name, each in TOLD.get(code, {}).items() if len(each) >= number}
    return told


async def tell(
    made: Grant, code: str, number: int, report: Report, judged: bool, base: datetime, indicators: list[Indicator]
) -> None:
    checked = base + timedelta(days=4)
    told = told_by(made, code, number)
    for indicator in indicators:
        if indicator.code not in told:
            continue
        one, facts = told[indicator.code], dict[str, Any]()
        if judged and one.reported is not None and one.verdict != "unverified":
            facts = {
                "verdict": one.verdict,
                "verified": one.verified,
                "verified_of": one.verified_of if one.verified is not None else None,
                "verified_by": made.curator.id,
                "verified_at": checked,
                "verdict_note": NOTES.get(one.verdict),
            }
        value = await insert(
            ReportValue,
            report_id=report.id,
            award_id=made.award.id,
            indicator_id=indicator.id,
            municipality_id=made.award.municipality_id,
            reported=one.reported,
            reported_of=one.of,
            words_ka=one.words[0],
            words_en=one.words[1],
            no_data_reason=one.no_data,
            **facts,
        )
        made.marks.invented(value, "all")
        if one.reported is None:
            continue
        if indicator.people:
            await _split(made, value)
        name = f"{made.award.reference}/{number} {indicator.code}"
        sheet = await kept(
            made.example, document(f"საჩვენებელი მტკიცებულება / Example evidence: {name}"),
            f"evidence-{indicator.code}.pdf", made.signatory,
        )  # fmt: skip
        await insert(
            ValueEvidence, value_id=value.id, award_id=made.award.id, upload_id=sheet.id, added_by=made.signatory.id
        )
        for visit in made.visits:
            if visit.visited_on is not None and visit.visited_on <= checked.date():
                await insert(
                    ValueEvidence, value_id=value.id, award_id=made.award.id, visit_id=visit.id,
                    added_by=made.curator.id,
                )  # fmt: skip


async def _split(made: Grant, total: ReportValue) -> None:
    """Women and men of a count of people; verified with it, unless the curator corrected the total."""
    women = (total.reported * D("0.57")).quantize(D(1))
    for cell, part in (("women", women), ("men", total.reported - women)):
        same = total.verdict == "verified"
        value = await insert(
            ReportValue,
            report_id=total.report_id,
            award_id=total.award_id,
            indicator_id=total.indicator_id,
            municipality_id=total.municipality_id,
            cell=cell,
            reported=part,
            verdict="verified" if same else "unverified",
            verified=part if same else None,
            verified_by=total.verified_by if same else None,
            verified_at=total.verified_at if same else None,
        )
        made.marks.invented(value, "all")
