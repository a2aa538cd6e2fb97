"""Objects for the routes of recommendations, each in a state in which its people could take the step."""

from foundation.database import insert
from monitoring.recommendations.tables import FollowUp
from tests.builders.recommendations import a_recommendation
from tests.builders.uploads import an_upload
from tests.house.test_access import rows_of

STATES = {
    "edit": "draft", "issue": "draft", "acceptance": "issued", "start": "accepted", "dispute": "issued",
    "completion": "in_progress", "verification": "reported_done", "partial-verification": "reported_done",
    "reopening": "reported_done", "reissue": "disputed",
}  # fmt: skip


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    made: dict[str, dict[str, dict[str, str]]] = {}
    kept: dict[tuple[str, str], dict[str, str]] = {}
    for line in rows_of("recommendations"):
        if "{reference}" not in line["path"]:
            continue
        noun = line["path"].split("{reference}")[1].strip("/").split("/")[0]
        state = STATES.get(noun, "in_progress")
        for case, organisation in (("own", cast.vani_youth), ("other", cast.guria_women)):
            if (state, case) not in kept:
                kept[state, case] = await parameters(cast, state, organisation)
            made.setdefault(line["path"], {})[case] = kept[state, case]
    return made


async def parameters(cast, state, organisation) -> dict[str, str]:
    """With bytes that are really there, so that they can be sent."""
    signatory = cast.signatory if organisation.id == cast.vani_youth.id else cast.other_signatory
    one = await a_recommendation(cast, state=state, organisation=organisation)
    upload = await an_upload(signatory)
    if state != "draft":
        await insert(
            FollowUp, recommendation_id=one.id, kind="evidence", text="Minutes", upload_id=upload.id,
            author_id=signatory.id,
        )  # fmt: skip
    return {"reference": one.reference, "upload_id": str(upload.id)}
