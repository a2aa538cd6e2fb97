"""Objects for the access table of awards: one award in the state each route is about."""

from foundation.database import execute
from tests.builders.awards import a_recommended_application, an_award
from tests.builders.uploads import an_upload
from tests.importing import importing

STATES = {
    "offered": ["/signature", "/change-request", "/refusal"],
    "signed_cso": ["/countersignature", "/return"],
    "drafting": ["/terms", "/calendar", "/budget", "/draft.pdf", "/offer", "/withdrawal"],
    "active": ["", "/suspension", "/termination"],
    "suspended": ["/resumption"],
    "closing": ["/closure"],
    "terminated": ["/settlement"],
    "closed": ["/reopening"],
}


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for case, organisation in (("own", cast.vani_youth), ("other", cast.guria_women)):
        application = await a_recommended_application(cast, organisation=organisation)
        for path in ("", "/approval", "/rejection"):
            found.setdefault(f"/approvals/{{number}}{path}", {})[case] = {"number": application.number}
        for state, paths in STATES.items():
            award = await an_award(cast, state=state, organisation=organisation)
            for path in paths:
                found.setdefault(f"/awards/{{reference}}{path}", {})[case] = {"reference": award.reference}
            if state == "closed":
                settled = await an_award(cast, state=state, organisation=organisation)
                await _settled(settled, cast)
                found.setdefault("/awards/{reference}/settlement-reopening", {})[case] = {
                    "reference": settled.reference
                }
            if state == "active":
                await _with_files(award, cast)
                signed = {"reference": award.reference, "version": "1", "party": "cso"}
                found.setdefault("/awards/{reference}/agreements/{version}", {})[case] = signed
                found.setdefault("/awards/{reference}/agreements/{version}/{party}", {})[case] = signed
    return found | {f"/api/v1{path}": given for path, given in found.items()}


async def _settled(award, cast) -> None:
    """One that was terminated before it was closed."""
    async with importing():
        await execute("ALTER TABLE award DISABLE TRIGGER award_stays")
        await execute(
            "UPDATE award SET closing_manager_id = NULL, closing_director_id = $2 WHERE id = $1",
            award.id,
            cast.director.id,
        )
        await execute("ALTER TABLE award ENABLE TRIGGER award_stays")


async def _with_files(award, cast) -> None:
    """Documents whose bytes are really there."""
    real = await an_upload(cast.director)
    async with importing():
        await execute("ALTER TABLE agreement DISABLE TRIGGER agreement_append_only")
        await execute("ALTER TABLE signature DISABLE TRIGGER signature_append_only")
        await execute("UPDATE agreement SET upload_id = $1 WHERE award_id = $2", real.id, award.id)
        await execute("UPDATE signature SET upload_id = $1 WHERE award_id = $2", real.id, award.id)
        await execute("ALTER TABLE agreement ENABLE TRIGGER agreement_append_only")
        await execute("ALTER TABLE signature ENABLE TRIGGER signature_append_only")
