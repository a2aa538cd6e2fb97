"""Objects for the routes of reports: for those who write an open one, for curators one under review, for those who
accept a verified one."""

from foundation.database import insert
from monitoring.reports.tables import ReportDocument
from tests.builders.awards import an_award
from tests.builders.indicators import promised_by
from tests.builders.reports import a_report
from tests.builders.uploads import a_photo
from tests.house.test_access import rows_of

STATES = {
    "submission": "open", "withdrawal": "submitted", "review": "submitted", "verification": "under_review", "return": "under_review",
    "acceptance": "verified", "second-look": "verified", "waiver": "open", "lapse": "returned", "correction": "accepted",
}  # fmt: skip


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    made: dict[str, dict[str, dict[str, str]]] = {}
    reports: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows_of("reports"):
        noun = (
            row["path"].removeprefix("/api/v1").removeprefix("/reports/{reference}/{number}").strip("/").split("/")[0]
        )
        state = STATES.get(noun, "open")
        for case, organisation in (("own", cast.vani_youth), ("other", cast.guria_women)):
            if (state, case) not in reports:
                reports[state, case] = await parameters(cast, state, organisation)
            made.setdefault(row["path"], {})[case] = reports[state, case]
    return made


async def parameters(cast, state, organisation) -> dict[str, str]:
    award = await an_award(cast, organisation=organisation)
    report = await a_report(cast, award, state="open")
    signatory = cast.signatory if organisation.id == cast.vani_youth.id else cast.other_signatory
    upload = await a_photo(signatory)
    await insert(ReportDocument, report_id=report.id, upload_id=upload.id)
    found = {
        "reference": award.reference, "number": "1", "code": (await promised_by(award))[0].code, "position": "1",
        "upload_id": str(upload.id),
    }  # fmt: skip
    if state != "open":
        other = await an_award(cast, organisation=organisation)
        await a_report(cast, other, state=state)
        found |= {"reference": other.reference, "code": (await promised_by(other))[0].code}
    return found
