"""Invented grants in every state: agreement, tranches, visits with drawn pictures, findings, reports, values."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from entrypoints.example.history import example_account, pay_in_ledger
from entrypoints.example.marks import Marks
from entrypoints.example.papers import document, kept, picture_bytes
from entrypoints.example.people import Example
from entrypoints.example.plans import Grant, Plan
from entrypoints.example.values import promise, tell
from foundation.database import execute, insert, one_of, rows, update, value
from foundation.money import split
from grants.applications.tables import Application
from grants.awards.document import body_of, pdf_of
from grants.awards.lifecycle import State as AwardState
from grants.awards.tables import Agreement, Award, ReportDue, Signature
from grants.disbursements.ledger import posting
from grants.disbursements.tables import Tranche, TrancheCondition
from monitoring.indicators.tables import Indicator
from monitoring.recommendations.tables import FollowUp, Recommendation
from monitoring.reports.tables import (
    Report,
    ReportReturn,
    SpendingEvidence,
    SpendingLine,
)
from monitoring.reports.transitions import cost_of
from monitoring.visits.lifecycle import FindingState
from monitoring.visits.lifecycle import State as VisitState
from monitoring.visits.tables import Finding, Visit, VisitPhoto

SIGNED = AwardState.in_set("signed")
CAPTIONS = {
    1: ("შეხვედრა სოფლის სახლთან", "A meeting outside the village house"),
    2: ("მცხოვრებლების მოსმენა", "A hearing with residents"),
    3: ("საინფორმაციო დაფა ბიუჯეტით", "A notice board with the budget"),
    4: ("შეკეთებული წყარო", "A repaired water tap"),
    5: ("ახალი მოსაცდელი", "A new bus shelter"),
    6: ("სოფლის ხედი შეხვედრის შემდეგ", "The village after the meeting"),
}
NOTES = [
    "საჩვენებელი ჩანაწერი: შეხვედრაზე ხალხი აქტიურია, ოქმი დაფაზე გამოკრულია.",
    "საჩვენებელი ჩანაწერი: მერიის თანამშრომელმა გვაჩვენა განახლებული გვერდი, მუშაობს.",
    "საჩვენებელი ჩანაწერი: გეგმის ნაწილი ჩამორჩება, მიზეზი ამინდია.",
]
TITLES = [
    ("სოფლის შეხვედრა", "Village meeting"),
    ("საჯარო მოსმენა", "Public hearing"),
    ("ადგილზე შემოწმება", "Check on the spot"),
]


async def grant(
    example: Example,
    marks: Marks,
    application: Application,
    code: str,
    plan: Plan,
    number: int,
    now: datetime,
    indicators: list[Indicator],
) -> None:
    slug = next(place.slug for place in example.places.values() if place.id == application.municipality_id)
    started = (now + timedelta(days=20 if plan.state in AwardState.in_set("unsigned") else -215)).date()
    ends = {"closing": now - timedelta(days=10), "closed": now - timedelta(days=40)}.get(
        plan.state, now + timedelta(days=200 if started > now.date() else 60)
    ).date()
    people = example.people
    facts: dict[str, Any] = {}
    fresh = plan.state in AwardState.in_set("unsigned")
    approved = now - timedelta(days=9 if fresh else 235)
    signatory = people["signatory" if code == "EX-01" else f"signatory.{code.lower()}"]
    if plan.state in ("offered", *SIGNED, "signed_cso", "declined"):  # the funder withdrew before it was offered
        offered = now - timedelta(days=5) if fresh else approved + timedelta(days=5)
        facts |= {
            "offered_by": people["director"].id,
            "offered_at": offered,
            "offer_expires_on": (offered + timedelta(days=21)).date(),
        }
        if plan.state in (*SIGNED, "signed_cso"):
            facts |= {"signed_by": signatory.id, "signed_at": offered + timedelta(days=3)}
        if plan.state in SIGNED:
            facts |= {"countersigned_by": people["director"].id, "countersigned_at": offered + timedelta(days=6)}
    if plan.state == "closed":
        facts |= {
            "closing_director_id" if plan.settled else "closing_manager_id": people[
                "director" if plan.settled else "manager"
            ].id,
            "closing_finance_id": people["finance"].id,
            "closed_at": now - timedelta(days=12),
        }
    award = await insert(
        Award,
        reference=f"G-{now.year}-{number:03d}",
        application_id=application.id,
        call_id=application.call_id,
        organisation_id=application.organisation_id,
        municipality_id=application.municipality_id,
        currency="EUR",
        amount=application.requested - plan.cut,
        state=plan.state,
        title_ka=application.title_ka,
        title_en=application.title_en,
        summary_ka=application.summary_ka,
        summary_en=application.summary_en,
        starts_on=started,
        ends_on=ends,
        curator_id=example.curator_of(slug).id,
        proposed_by=people["chair"].id,
        approved_by=people["director"].id,
        approved_at=approved,
        **facts,
    )
    marks.invented(award, "title_ka", "title_en", "summary_ka", "summary_en", "amount", "starts_on", "ends_on")
    made = Grant(example, marks, award, plan, slug, started, now, number)
    marks.happened(approved, "award.drafted", people["director"], award)
    await _agreement(made)
    dues = await _calendar(made)
    await _tranches(made, dues)
    await promise(made, _code(made), indicators)
    await _document(made)
    for n, state in enumerate(plan.visits):
        await _visit(made, n, state)
    if plan.finding:
        await _finding(made, *plan.finding)
    if plan.state in SIGNED:
        lines = await rows(
            "SELECT b.id, l.amount FROM award_line l JOIN budget_line b ON b.id = l.budget_line_id"
            " WHERE l.award_id = $1 ORDER BY b.position",
            award.id,
        )
        for due, state in zip(dues, plan.reports, strict=True):
            await _report(made, due, state, lines, indicators)
    if plan.state in ("closed", "terminated"):
        await _give_back(made)


async def _give_back(made: Grant) -> None:
    """What was paid and not used comes back in two parts, each by its own line of the bank; of the grant that was
    terminated only the first has come."""
    award, finance, director = made.award, made.person("finance"), made.person("director")
    recalled = "SELECT * FROM tranche WHERE award_id = $1 AND tranche_paid(state) ORDER BY number DESC LIMIT 1"
    tranche = await one_of(Tranche, recalled, award.id)
    assert tranche is not None
    rest = await value("SELECT with_grantee($1)", award.id)
    if tranche.state == "confirmed":
        ordered = made.now - timedelta(days=30)
        await update(tranche, state="recovery_due", recovery_amount=rest)
        reason = "გრანტის ნაწილი არ დახარჯულა."
        made.marks.happened(ordered, "tranche.recovery_ordered", director, tranche, reason=reason, amount=str(rest))
    for part, (amount, days) in enumerate(zip(split(rest, [Decimal(60), Decimal(40)]), (25, 18), strict=True), 1):
        last = part == 2
        if last and made.plan.state == "terminated":
            return
        at, reference = made.now - timedelta(days=days), f"EX-R-{award.reference}-{part}"
        await posting.recover(award, tranche, amount, finance, day=at.date(), reference=reference, at=at)
        if last:
            await update(tranche, state="recovered", recovered_on=at.date(), recovery_reference=reference)
        event = "tranche.recovered" if last else "tranche.repaid_in_part"
        made.marks.happened(at, event, finance, tranche, amount=str(amount), reference=reference)


async def _agreement(made: Grant) -> None:
    award, director = made.award, made.person("director")
    if award.state == "withdrawn_by_funder":
        made.marks.happened(
            award.approved_at + timedelta(days=3), "award.withdrawn_by_funder", director, award,
            reason="მუნიციპალიტეტმა იგივე სამუშაო საკუთარი ბიუჯეტით დააფინანსა.",
        )  # fmt: skip
    if award.offered_at is None:
        return
    made.marks.happened(award.offered_at, "award.offered", director, award)
    if award.state == "declined":
        made.marks.happened(
            award.offered_at + timedelta(days=4),
            "award.declined",
            made.signatory,
            award,
            reason="ორგანიზაციამ სხვა დაფინანსება მიიღო.",
        )
    if award.signed_at:
        made.marks.happened(award.signed_at, "award.signed", made.signatory, award)
    if award.countersigned_at:
        await posting.commit(award, director, at=award.countersigned_at)
        made.marks.happened(award.countersigned_at, "award.activated", director, award)
    if award.state == "suspended":
        made.marks.happened(
            made.now - timedelta(days=9),
            "award.suspended",
            director,
            award,
            reason="შუალედური ანგარიში არ წარმოუდგენიათ.",
        )
    if award.state == "terminated" or made.plan.settled:
        made.marks.happened(
            made.now - timedelta(days=70), "award.terminated", director, award,
            reason="ორგანიზაციამ საქმიანობა შეწყვიტა; დახარჯული არ არის გადარიცხული თანხის ნაწილი.",
        )  # fmt: skip
    if award.state in ("closing", "closed") and not made.plan.settled:
        made.marks.happened(
            made.now - timedelta(days=40 if award.state == "closed" else 10),
            "award.ended",
            made.person("system"),
            award,
        )
    if award.state == "closed":
        event = "award.settled" if made.plan.settled else "award.closed"
        made.marks.happened(award.closed_at, event, made.person("finance"), award)


async def _document(made: Grant) -> None:
    """The agreement as the service makes it, with the word “example” across every page, and who signed it."""
    award, director = made.award, made.person("director")
    if award.offered_at is None:
        return
    body = await body_of(award, 1, award.offered_at.date())
    for text in body["texts"]:
        text["draft"] = {"ka": "საჩვენებელი", "en": "Example"}[text["lang"]]
    upload = await kept(made.example, await pdf_of(body, draft=True), f"agreement-{award.reference}.pdf", director)
    agreement = await insert(
        Agreement,
        award_id=award.id,
        version=1,
        upload_id=upload.id,
        document_sha256=upload.blob_sha256,
        body=body | {"example": True},
        made_by=director.id,
        made_at=award.offered_at,
    )
    if award.signed_at:
        scan = await kept(
            made.example, document("ხელმოწერილი ასლი, ნიმუში / Signed copy, example"), "signed.pdf", made.signatory
        )
        await insert(
            Signature,
            agreement_id=agreement.id,
            award_id=award.id,
            party="cso",
            upload_id=scan.id,
            signed_by=made.signatory.id,
            signed_at=award.signed_at,
        )
    if award.countersigned_at:
        await insert(
            Signature,
            agreement_id=agreement.id,
            award_id=award.id,
            party="funder",
            signed_by=director.id,
            signed_at=award.countersigned_at,
        )


async def _calendar(made: Grant) -> list[ReportDue]:
    award = made.award
    middle = made.started + timedelta(days=95)
    return [
        await insert(
            ReportDue,
            award_id=award.id,
            number=number,
            kind=kind,
            period_from=since,
            period_to=until,
            due_on=until + timedelta(days=15),
        )
        for number, kind, since, until in (
            (1, "interim", award.starts_on, middle),
            (2, "final", middle + timedelta(days=1), award.ends_on),
        )
    ]


REACHED = ["planned", "due", "requested", "certified", "approved", "authorised", "sent", "paid", "confirmed"]
STARTED = {*REACHED, "recovery_due"}


async def _tranches(made: Grant, dues: list[ReportDue]) -> None:
    award, marks = made.award, made.marks
    for number, (part, state) in enumerate(
        zip(split(award.amount, [Decimal(60), Decimal(40)]), made.plan.tranches, strict=True), 1
    ):
        started = 8 if number == 1 else 125
        if state not in ("paid", "confirmed", "recovery_due") and state in REACHED:
            started = (made.now.date() - made.started).days - 6
        reached = REACHED.index("confirmed" if state == "recovery_due" else state) if state in STARTED else 0
        facts: dict[str, Any] = {}
        steps = [
            (1, "due_at", None, "tranche.due", "system"),
            (2, "requested_at", "requested_by", "tranche.requested", "signatory"),
            (3, "certified_at", "certified_by", "tranche.certified", "curator"),
            (4, "approved_at", "approved_by", "tranche.approved", "finance"),
            (5, "authorised_at", "authorised_by", "tranche.authorised", "director"),
            (6, "sent_at", "sent_by", "tranche.sent", "finance"),
        ]
        told = []
        for step, at, by, event, who in steps:
            if reached < step or (
                step == 5 and part < made.example.programme.director_threshold and state != "authorised"
            ):
                continue
            person = {"signatory": made.signatory, "curator": made.curator}.get(who) or made.person(who)
            facts[at] = made.day(started + step)
            if by:
                facts[by] = person.id
            told.append((facts[at], event, person))
        if reached >= 2:
            facts["bank_account_id"] = await example_account(
                made.example, marks, made.example.organisations[_code(made)]
            )
        if reached >= 3:
            facts["certificate"] = "პირობები შესრულებულია."
        if reached >= 6:
            facts["order_reference"] = f"EX-O-{award.reference}-{number}"
        if reached >= 7:
            paid = made.day(started + 8)
            facts |= {
                "paid_by": made.person("finance").id,
                "paid_on": paid.date(),
                "bank_reference": f"EX-B-{award.reference}-{number}",
            }
            told.append((paid, "tranche.paid", made.person("finance")))
        if reached >= 8:
            facts |= {"confirmed_by": made.signatory.id, "confirmed_at": made.day(started + 10)}
            told.append((facts["confirmed_at"], "tranche.confirmed", made.signatory))
        if state == "recovery_due":
            facts["recovery_amount"] = part
            told.append((made.now - timedelta(days=60), "tranche.recovery_ordered", made.person("director")))
        tranche = await insert(
            Tranche,
            award_id=award.id,
            organisation_id=award.organisation_id,
            currency="EUR",
            number=number,
            amount=part,
            state=state,
            planned_on=made.day(8 if number == 1 else 125).date(),
            **facts,
        )
        marks.invented(tranche, "amount", "bank_reference", "order_reference")
        for at, event, person in told:
            marks.happened(at, event, person, tranche)
        if reached >= 7:
            await pay_in_ledger(made.example, award, tranche)
        if state == "cancelled" and award.countersigned_at:
            ended = made.now - timedelta(days=70)
            await posting.decommit(award, part, made.person("director"), tranche, at=ended)
            marks.happened(ended, "tranche.cancelled", made.person("director"), tranche)
        done = reached >= 1
        signed = award.state in SIGNED
        await insert(
            TrancheCondition,
            tranche_id=tranche.id,
            kind="agreement_active",
            **({"fulfilled_at": award.countersigned_at, "fulfilled_by": made.person("director").id} if signed else {}),
        )
        if number == 2:
            # a grant whose report is still being verified went on for the visit that was approved
            by_visit = done and made.plan.reports[0] != "accepted"
            await insert(
                TrancheCondition,
                tranche_id=tranche.id,
                kind="visit_approved" if by_visit else "report_accepted",
                report_due_id=None if by_visit else dues[0].id,
                **({"fulfilled_at": made.day(122), "fulfilled_by": made.person("manager").id} if done else {}),
            )


def _code(made: Grant) -> str:
    return next(code for code, o in made.example.organisations.items() if o.id == made.award.organisation_id)


async def _visit(made: Grant, n: int, state: str) -> None:
    award, marks = made.award, made.marks
    planned = made.day(70 + n * 70) if state == "approved" else made.now + timedelta(days=3 - 2 * n)
    seen = state in VisitState.in_set("told")
    when = planned.date() if state == "approved" else (made.now - timedelta(days=3)).date()
    place = made.example.places[made.slug]
    title = TITLES[n % len(TITLES)]
    facts: dict[str, Any] = {}
    if seen:
        at = datetime.combine(when, datetime.min.time(), made.now.tzinfo) + timedelta(hours=11)
        facts = {
            "visited_on": when,
            "women": 14 + 3 * n,
            "men": 9 + 2 * n,
            "notes": NOTES[(made.number + n) % 3],
            "place": place.name_ka,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "accuracy_m": 12,
            "answers": {"on_track": "yes" if n == 0 else "partly", "eu_visibility": "yes", "documents_seen": "yes"},
            "received_at": at,
            "completed_at": at + timedelta(minutes=5),
        }
    if state == "approved":
        facts |= {"reviewed_by": made.person("manager").id, "reviewed_at": planned + timedelta(days=3)}
    visit = await insert(
        Visit,
        reference=f"V-{made.now.year}-{made.number * 10 + n:03d}",
        award_id=award.id,
        municipality_id=place.id,
        state=state,
        purpose_ka=title[0],
        purpose_en=title[1],
        planned_from=planned.date(),
        planned_to=(planned + timedelta(days=2)).date(),
        lead_id=made.curator.id,
        planned_by=made.person("manager").id,
        **facts,
    )
    marks.invented(visit, "all")
    marks.happened(made.day(40), "visit.planned", made.person("manager"), visit)
    if seen:
        marks.happened(facts["received_at"], "visit.received", made.person("system"), visit)
        for k in range(2 if n else 3):
            picture = 1 + (made.number * 2 + n + k) % 6
            upload = await kept(
                made.example, picture_bytes(picture), f"illustration-{picture}.webp", made.curator, illustration=True
            )
            ka, en = CAPTIONS[picture]
            photo = await insert(
                VisitPhoto,
                visit_id=visit.id,
                upload_id=upload.id,
                taken_at=facts["received_at"],
                consent=True,
                public=k < 2,
                caption_ka=f"{ka} (ილუსტრაცია)",
                caption_en=f"{en} (illustration)",
            )
            marks.invented(photo, "all")
    if state == "approved":
        marks.happened(facts["reviewed_at"], "visit.approved", made.person("manager"), visit)
        made.visits.append(visit)


async def _finding(made: Grant, severity: str, state: str) -> None:
    visit = made.visits[0]
    at = visit.reviewed_at
    facts: dict[str, Any] = {"shared_at": at}
    if state in ("final", "closed", "responded"):
        facts |= {
            "response_kind": "partly",
            "response": "ვეთანხმებით, რომ საქმიანობა ჩამორჩება; მიზეზი კადრების ცვლილებაა.",
            "responded_by": made.signatory.id,
            "responded_at": at + timedelta(days=4),
        }
    if state in FindingState.in_set("settled"):
        facts |= {"reviewed_by": made.person("manager").id, "reviewed_at": at + timedelta(days=5)}
    finding = await insert(
        Finding,
        visit_id=visit.id,
        award_id=made.award.id,
        kind="problem" if severity != "low" else "good_practice",
        severity=severity,
        state=state,
        author_id=made.curator.id,
        created=at,
        text="საჩვენებელი მიგნება: დაგეგმილი შეხვედრების ნახევარი ჯერ არ გამართულა."
        if severity != "low"
        else "საჩვენებელი მიგნება: ოქმები სამ დღეში ქვეყნდება, რაც სხვებისთვისაც მაგალითია.",
        **facts,
    )
    await execute(
        "INSERT INTO finding_photo SELECT $1, id, visit_id FROM visit_photo WHERE visit_id = $2 ORDER BY id LIMIT 1",
        finding.id,
        visit.id,
    )
    made.marks.invented(finding, "all")
    made.marks.happened(at, "finding.shared", made.curator, finding)
    if severity == "low":
        return
    late = severity == "high"
    due = (made.now - timedelta(days=12) if late else made.now + timedelta(days=20)).date()
    recommendation = await insert(
        Recommendation,
        reference=f"R-{made.now.year}-{made.number:03d}",
        municipality_id=made.award.municipality_id,
        award_id=made.award.id,
        finding_id=finding.id,
        addressee="cso",
        organisation_id=made.award.organisation_id,
        owner_id=made.signatory.id,
        origin="visit",
        theme="საქმიანობის გეგმა",
        priority=severity,
        text_ka="შეხვედრების ახალი გეგმა შეათანხმეთ მერიასთან და გამოაქვეყნეთ.",
        text_en="Agree a new plan of meetings with the City Hall and publish it.",
        state="in_progress" if late else "issued",
        due_original=due,
        due_current=due,
        issued_by=made.curator.id,
        issued_at=at,
        created_by=made.curator.id,
    )
    made.marks.invented(recommendation, "all")
    made.marks.happened(at + timedelta(hours=1), "recommendation.issued", made.curator, recommendation)
    if late:
        await insert(
            FollowUp,
            recommendation_id=recommendation.id,
            kind="answer",
            text="ვიღებთ; გეგმას დეკემბრამდე შევცვლით.",
            author_id=made.signatory.id,
            at=at + timedelta(days=5),
        )


async def _report(made: Grant, due: ReportDue, state: str, lines: list[Any], indicators: list[Indicator]) -> None:
    award, marks = made.award, made.marks
    sent = state in ("submitted", "under_review", "returned", "verified", "accepted")
    base = datetime.combine(
        min(due.due_on, (made.now - timedelta(days=8)).date()), datetime.min.time(), made.now.tzinfo
    )
    facts: dict[str, Any] = {}
    if sent:
        facts = {
            "done_ka": "საჩვენებელი ანგარიში: გაიმართა შეხვედრები, ოქმები გამოქვეყნდა.",
            "done_en": "Example report: meetings were held and minutes published.",
            "changed_ka": "მერიამ შეცვალა სხდომების გამოცხადების წესი.",
            "changed_en": "The City Hall changed how sessions are announced.",
            "problems_ka": "ორ სოფელში ინტერნეტი სუსტია.",
            "next_ka": "დარჩენილი შეხვედრები და სახელმძღვანელო.",
            "submitted_by": made.signatory.id,
            "first_submitted_at": base,
            "submitted_at": base,
            "body": {"example": True},
            "body_sha256": bytes(32),
        }
    spent = [
        (line, (line["amount"] * (Decimal("0.55") if due.number == 1 else Decimal("0.4"))).quantize(Decimal("0.01")))
        for line in lines
    ]
    if state in ("verified", "accepted"):
        facts |= {"verified_by": made.curator.id, "verified_at": base + timedelta(days=4)}
    if state == "accepted":
        facts |= {
            "manager_id": made.person("manager").id,
            "manager_at": base + timedelta(days=5),
            "finance_id": made.person("finance").id,
            "finance_at": base + timedelta(days=6),
            "accepted_at": base + timedelta(days=6),
            "accepted_cost": sum((amount for _, amount in spent), Decimal(0)) - Decimal("25.00"),
        }
    report = await insert(Report, award_id=award.id, report_due_id=due.id, currency="EUR", state=state, **facts)
    if state == "waived":
        marks.happened(
            made.now - timedelta(days=69), "report.waived", made.person("manager"), report,
            reason="ხელშეკრულება შეწყდა.",
        )  # fmt: skip
    if not sent:
        return
    marks.invented(report, "all")
    marks.happened(base, "report.submitted", made.signatory, report)
    if state == "accepted":
        marks.happened(base + timedelta(days=6), "report.accepted", made.person("finance"), report)
    judged = state in ("verified", "accepted")
    for n, (line, amount) in enumerate(spent):
        spending = await insert(
            SpendingLine,
            report_id=report.id,
            budget_line_id=line["id"],
            spent=amount,
            accepted=(amount - (Decimal("25.00") if n == 0 else 0)) if judged else None,
            verdict_note="ერთი ქვითარი გაურკვეველია." if judged and n == 0 else None,
        )
        receipt = await kept(
            made.example,
            document(f"საჩვენებელი ქვითარი / Example receipt {award.reference}/{due.number}, {n + 1}"),
            "receipt.pdf",
            made.signatory,
        )
        await insert(SpendingEvidence, spending_line_id=spending.id, upload_id=receipt.id)
    if state == "accepted":
        part = await value("SELECT sum(accepted_grant) FROM spending_line WHERE report_id = $1", report.id)
        note = cost_of(award.reference, due.number)
        await posting.accept_cost(award, part, made.person("finance"), note, at=base + timedelta(days=6))
    if state == "returned":
        await insert(
            ReportReturn,
            report_id=report.id,
            sections=["results"],
            author_id=made.curator.id,
            at=base + timedelta(days=3),
            reason="დაურთეთ დასწრების ფურცლები.",
        )
        marks.happened(
            base + timedelta(days=3), "report.returned", made.curator, report, reason="დაურთეთ დასწრების ფურცლები."
        )
    await tell(made, _code(made), due.number, report, judged, base, indicators)
