"""Approved visits of both organisations: one with a private photo and a final finding, one with a public photo and a
finding still shared only; what the lead records is asked of visits not yet handed in."""

from tests.builders.awards import an_award
from tests.builders.visits import a_finding, a_visit, a_visit_photo


async def objects(cast):
    award = await an_award(cast)
    there = await an_award(cast, organisation=cast.guria_women)
    own, other = await a_visit(cast, award), await a_visit(cast, there)
    recording = {
        "own": await a_visit(cast, award, state="complete"),
        "other": await a_visit(cast, there, state="complete"),
    }
    photos = {"own": await a_visit_photo(cast, own), "other": await a_visit_photo(cast, other, public=True)}
    findings = {"own": await a_finding(cast, own, state="final"), "other": await a_finding(cast, other, state="shared")}
    visits = {"own": own, "other": other}

    def each(**names):
        return {case: {name: value(case) for name, value in names.items()} for case in ("own", "other")}

    page = each(reference=lambda case: visits[case].reference)
    photo = each(reference=lambda case: visits[case].reference, photo_id=lambda case: photos[case].id)
    finding = each(reference=lambda case: visits[case].reference, finding_id=lambda case: findings[case].id)
    record = each(reference=lambda case: recording[case].reference)
    api = each(visit_id=lambda case: visits[case].id)
    api_photo = each(visit_id=lambda case: visits[case].id, photo_id=lambda case: photos[case].id)
    api_finding = each(finding_id=lambda case: findings[case].id)
    moves = (
        "confirmation",
        "start",
        "review-request",
        "approval",
        "return",
        "loss",
        "cancellation",
        "schedule",
        "handover",
    )
    steps = ("sharing", "response", "settlement", "closure", "withdrawal", "return", "handover")
    return {
        "/visits/{reference}": page,
        "/visits/{reference}/record": record,
        **{f"/visits/{{reference}}/{noun}": page for noun in (*moves, "findings", "findings/new")},
        **{f"/visits/{{reference}}/photos/{{photo_id}}{end}": photo for end in ("", "/file", "/small")},
        **{
            f"/visits/{{reference}}/findings/{{finding_id}}{end}": finding
            for end in ("", "/edit", *(f"/{step}" for step in steps))
        },
        **{
            f"/api/v1/visits/{{visit_id}}{end}": api for end in ("", "/receipt", "/findings", *(f"/{m}" for m in moves))
        },
        "/api/v1/visits/{visit_id}/photos/{photo_id}": api_photo,
        **{f"/api/v1/findings/{{finding_id}}/{step}": api_finding for step in steps},
        "/api/v1/visit-forms/{version}": {"own": {"version": 1}, "other": {"version": 1}},
    }
