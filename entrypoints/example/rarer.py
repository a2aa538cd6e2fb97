"""What happens seldom, once each: so that every page of a running programme can be opened in the example."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.tables import Account
from entrypoints.example.marks import Marks
from entrypoints.example.papers import document, kept, picture_bytes
from entrypoints.example.people import Example
from foundation import clock
from foundation.database import execute, insert, one_of, rows, update, value
from foundation.typed import exact
from grants.awards.tables import Award
from grants.calls.tables import CallInvitation
from grants.disbursements.tables import TrancheCondition
from monitoring.indicators.tables import Indicator
from monitoring.publications.tables import Edition, Publication
from monitoring.recommendations.tables import FollowUp, Recommendation
from monitoring.reports.tables import ReportDocument
from monitoring.visits.tables import Finding, Visit

INVITED = ("EX-01", "EX-03", "EX-07")


async def rarer_cases(example: Example, marks: Marks) -> None:
    now = clock.now()
    await _invited_call(example, now)
    award = await one_of(Award, "SELECT * FROM award WHERE reference = $1", f"G-{now.year}-001")
    assert award is not None
    signatory = example.people["signatory"]
    await _condition_with_paper(example, marks, award, now)
    await _picture_in_a_report(example, award)
    await _finding_being_written(example, marks, now)
    await _visit_in_new_hands(example, marks, now)
    await _recommendations(example, marks, award, signatory, now)
    await _publication_being_entered(example, marks, now)
    await _indicator_to_be_changed(example, marks, now)


async def _indicator_to_be_changed(example: Example, marks: Marks, now: datetime) -> None:
    """Grantees have reported on it, so a second person decides."""
    manager, at = example.people["manager"], now - timedelta(days=1)
    indicator = await one_of(Indicator, "SELECT * FROM indicator WHERE code = $1", "I-4")
    assert indicator is not None
    before, target = indicator.target, indicator.target + 20
    reason = "გრანტები მოსალოდნელზე სწრაფად აღწევენ მიზანს."
    await update(
        indicator, proposed={"target": exact(target)}, proposed_by=manager.id, proposed_at=at, proposed_reason=reason
    )
    told = {"code": indicator.code, "changed": {"target": [str(before), exact(target)]}, "reason": reason}
    marks.happened(at, "indicator.change_proposed", manager, indicator, **told)


async def _invited_call(example: Example, now: datetime) -> None:
    """The call that is still being written is for few."""
    call = await value("UPDATE call SET invited_only = true WHERE reference = $1 RETURNING id", f"C-{now.year + 1}-3")
    for code in INVITED:
        await insert(CallInvitation, call_id=call, organisation_id=example.organisations[code].id)


async def _condition_with_paper(example: Example, marks: Marks, award: Award, now: datetime) -> None:
    """A tranche may wait for a paper; this one has come."""
    (tranche,) = await rows("SELECT id, due_at FROM tranche WHERE award_id = $1 AND number = 2", award.id)
    paper = await kept(
        example, document("საჩვენებელი მემორანდუმი მერიასთან / Example memorandum with the City Hall"),
        "memorandum.pdf", example.people["signatory"],
    )  # fmt: skip
    condition = await insert(
        TrancheCondition,
        tranche_id=tranche["id"],
        kind="document",
        description_ka="მერიასთან გაფორმებული მემორანდუმი",
        description_en="Memorandum signed with the City Hall",
        fulfilled_at=tranche["due_at"] - timedelta(days=2),
        fulfilled_by=example.people["curator"].id,
        evidence_upload_id=paper.id,
    )
    marks.invented(condition, "all")


async def _picture_in_a_report(example: Example, award: Award) -> None:
    report = await value(
        "SELECT r.id FROM report r JOIN report_due d ON d.id = r.report_due_id WHERE r.award_id = $1 AND d.number = 1",
        award.id,
    )
    picture = await kept(
        example, picture_bytes(3), "illustration-3.webp", example.people["signatory"], illustration=True
    )
    await insert(ReportDocument, report_id=report, upload_id=picture.id, note="ილუსტრაცია: საინფორმაციო დაფა")


async def _publication_being_entered(example: Example, marks: Marks, now: datetime) -> None:
    """A draft with an edition as a file: only those who look after publications see it."""
    curator = example.people["curator"]
    number = await value("SELECT next_number($1)", f"publication-{now.year}")
    guide = await insert(
        Publication,
        reference=f"PB-{now.year}-{number:03d}",
        state="draft",
        past=False,
        basis="ours",
        title_ka="საჩვენებელი გზამკვლევი: როგორ დავწეროთ განაცხადი",
        title_en="Example guide: how to write an application",
        kind="booklet",
        when_first=now.date(),
        when_last=now.date(),
        when_precision="day",
        created_by=curator.id,
    )
    paper = await kept(example, document("საჩვენებელი გზამკვლევი / Example guide"), "guide.pdf", curator)
    await insert(Edition, publication_id=guide.id, language="ka", upload_id=paper.id, pages=1)
    marks.invented(guide, "all")


async def _finding_being_written(example: Example, marks: Marks, now: datetime) -> None:
    """Of a visit that is not reviewed yet: only its curator sees it."""
    (visit,) = await rows(
        """SELECT v.id, v.award_id, v.lead_id, v.completed_at FROM visit v JOIN award a ON a.id = v.award_id
           WHERE a.reference = $1 AND visit_is_in_review(v.state)""",
        f"G-{now.year}-003",
    )
    finding = await insert(
        Finding,
        visit_id=visit["id"],
        award_id=visit["award_id"],
        kind="risk",
        severity="medium",
        state="draft",
        author_id=visit["lead_id"],
        created=visit["completed_at"],
        text="საჩვენებელი მიგნება: ვებგვერდს მხოლოდ ერთი თანამშრომელი განაახლებს.",
    )
    marks.invented(finding, "all")


async def _visit_in_new_hands(example: Example, marks: Marks, now: datetime) -> None:
    """Its first lead has left; a manager gave it, with what was recorded, to the curator who has it today."""
    curator = example.people["curator"]
    visit = await one_of(
        Visit,
        "SELECT * FROM visit WHERE lead_id = $1 AND visit_pending(state) AND source IS NULL"
        " ORDER BY visit_is_in_field(state) DESC, visit_ahead(state) DESC, reference LIMIT 1",
        curator.id,
    )
    assert visit is not None
    left = await insert(
        Account,
        email="curator.former@example.org",
        name="მაგალითი: ყოფილი კურატორი, იმერეთი",
        language="ka",
        example=True,
    )
    marks.invented(left, "email", "name")
    await execute(
        "INSERT INTO role (account_id, kind, organisation_id, since, until)"
        " SELECT $1, kind, organisation_id, since, $3 FROM role WHERE account_id = $2 AND kind = 'curator'",
        left.id,
        curator.id,
        (now - timedelta(days=6)).date(),
    )
    await execute("UPDATE visit SET earlier_owners = ARRAY[$2::uuid] WHERE id = $1", visit.id, left.id)
    marks.happened(
        now - timedelta(days=6), "visit.handed_over", example.people["manager"], visit,
        before=str(left.id), after=str(curator.id), reason="კურატორმა სამსახური დატოვა; ვიზიტს მისი კოლეგა აგრძელებს.",
    )  # fmt: skip


async def _recommendations(example: Example, marks: Marks, award: Award, signatory: Any, now: datetime) -> None:
    curator, due = example.people["curator"], (now + timedelta(days=9)).date()
    issued = now - timedelta(days=21)
    own = {
        "award_id": award.id,
        "organisation_id": award.organisation_id,
        "owner_id": signatory.id,
        "addressee": "cso",
        "due_original": due,
        "due_current": due,
        "issued_by": curator.id,
        "issued_at": issued,
    }
    texts = [
        ("ოქმების არქივი", "გამოაქვეყნეთ შეხვედრების ყველა ოქმი ერთ გვერდზე.",
         "Publish all minutes of the meetings on one page.", "in_progress", own),
        ("მონაწილეობა", "შეხვედრები საღამოს საათებში გადაიტანეთ, რომ დასაქმებულებიც მოვიდნენ.",
         "Move the meetings to the evening, so that people with jobs can come.", "disputed", own),
        ("ხილვადობა", "საინფორმაციო დაფაზე ევროკავშირის დაფინანსება მიუთითეთ.",
         "Name the funding of the European Union on the notice board.", "reported_done",
         own | {"reported_by": signatory.id, "reported_at": now - timedelta(days=2)}),
        ("ბიუჯეტის ენა", "გამოაქვეყნეთ ბიუჯეტის მოკლე, მარტივი ენით დაწერილი ვერსია.",
         "Publish a short version of the budget in plain words.", "draft",
         {"addressee": "municipality", "due_original": due, "due_current": due}),
        ("გადახდები", "გადახდის დავალებები კვირაში ორჯერ გაუგზავნეთ ბანკს.",
         "Send payment orders to the bank twice a week.", "issued",
         {"addressee": "staff", "owner_id": example.people["finance"].id, "due_original": due, "due_current": due,
          "issued_by": curator.id, "issued_at": issued}),
    ]  # fmt: skip
    made = []
    for number, (theme, ka, en, state, facts) in enumerate(texts, 41):
        one = await insert(
            Recommendation,
            reference=f"R-{now.year}-{number:03d}",
            municipality_id=award.municipality_id,
            origin="visit" if facts.get("award_id") else "meeting",
            theme=theme,
            text_ka=ka,
            text_en=en,
            state=state,
            created_by=curator.id,
            created=issued - timedelta(days=1),
            **facts,
        )
        marks.invented(one, "all")
        if facts.get("issued_by"):
            marks.happened(issued, "recommendation.issued", curator, one)
        made.append(one)
    late, disputed, done, *_ = made
    await _said(late, "answer", "ვეთანხმებით; ვიწყებთ.", signatory, issued + timedelta(days=2))
    marks.happened(issued + timedelta(days=2), "recommendation.accepted", signatory, late)
    marks.happened(issued + timedelta(days=3), "recommendation.started", signatory, late)
    await _said(
        late, "extension_asked", "ძველი ოქმები დასასკანერებელია; გვჭირდება კიდევ ორი კვირა.", signatory,
        now - timedelta(days=1), new_due=due + timedelta(days=14),
    )  # fmt: skip
    marks.happened(now - timedelta(days=1), "recommendation.extension_asked", signatory, late)
    await _said(
        disputed, "answer", "შეხვედრები უკვე საღამოს იმართება; ვიზიტი გამონაკლისს დაემთხვა.", signatory,
        issued + timedelta(days=4),
    )  # fmt: skip
    marks.happened(
        issued + timedelta(days=4), "recommendation.disputed", signatory, disputed,
        reason="შეხვედრები უკვე საღამოს იმართება.",
    )  # fmt: skip
    paper = await kept(
        example, document("საჩვენებელი მტკიცებულება: დაფა / Example evidence: notice board"), "notice-board.pdf",
        signatory,
    )  # fmt: skip
    await _said(
        done,
        "evidence",
        "დაფა განახლებულია; ვურთავთ დოკუმენტს.",
        signatory,
        now - timedelta(days=2),
        upload_id=paper.id,
    )
    marks.happened(now - timedelta(days=2), "recommendation.reported_done", signatory, done)


async def _said(one: Recommendation, kind: str, text: str, person: Any, at: datetime, **more: Any) -> None:
    await insert(FollowUp, recommendation_id=one.id, kind=kind, text=text, author_id=person.id, at=at, **more)
