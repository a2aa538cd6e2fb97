"""An application of Vani Youth and one of Guria Women, each route with one in the state it is for."""

from datetime import timedelta

from foundation.clock import today
from foundation.database import insert
from grants.applications.tables import Attachment, Clarification
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.uploads import an_upload
from tests.importing import importing

# last part of the address → the state the application is in; a draft where nothing is said
STATES = {
    "": "submitted", "receipt": "submitted", "receipt.pdf": "submitted", "take-back": "submitted",
    "withdrawal": "submitted", "editing": "awaiting_signoff", "reply": "clarification", "admin-check": "submitted",
    "eligibility": "admin_check", "clarification": "admin_check", "ineligibility": "admin_check",
    "confirmation": "admin_check", "refusal": "admin_check", "review": "admin_check", "readmission": "ineligible",
}  # fmt: skip


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    call = await a_call(cast)
    for case, organisation in (("own", cast.vani_youth), ("other", cast.guria_women)):
        made = {}
        for state in {*STATES.values(), "draft"}:
            application = await an_application(cast, state=state, organisation=organisation)
            made[state] = {
                "number": application.number,
                "section_id": str(application.call.sections[0].id),
                "attachment_id": str(await _file(cast, application)),
            }
            if state == "clarification":
                await _question(cast, application)
        for root in ("/applications/{number}", "/api/v1/applications/{number}"):
            for rest in REST:
                state = STATES.get(rest.rsplit("/", 1)[-1], "draft")
                found.setdefault(f"{root}{rest}", {})[case] = made[state]
        sent = "GET /applications/{number}/documents/{attachment_id}"
        found.setdefault(sent, {})[case] = made["submitted"]
        for root in ("", "/api/v1"):
            found.setdefault(f"{root}/calls/{{reference}}/applications", {})[case] = {"reference": call.reference}
    return found


async def _file(cast, application):
    upload = await an_upload(cast.editor)
    async with importing():
        return (await insert(Attachment, application_id=application.id, upload_id=upload.id)).id


async def _question(cast, application):
    async with importing():
        await insert(
            Clarification, application_id=application.id, kind="clarification", question="How many?",
            section_ids=[application.call.sections[0].id], asked_by=cast.curator.id, due_on=today() + timedelta(days=3),
        )  # fmt: skip


REST = (
    "", "/receipt", "/receipt.pdf", "/about", "/sections/{section_id}", "/budget", "/documents",
    "/documents/{attachment_id}", "/documents/{attachment_id}/deletion", "/declaration", "/check", "/sign-off",
    "/editing", "/submission", "/take-back", "/withdrawal", "/reply", "/admin-check", "/eligibility", "/clarification",
    "/ineligibility", "/ineligibility/confirmation", "/ineligibility/refusal", "/review", "/readmission",
)  # fmt: skip
