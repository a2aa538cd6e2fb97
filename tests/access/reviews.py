"""Reviews of Vani Youth by `reviewer` and of Guria Women by `reviewer2`; a call being evaluated, with open minutes; and
decided applications of both."""

from foundation.database import insert
from grants.applications.tables import Attachment
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_decided_application, a_review, some_minutes
from tests.builders.uploads import an_upload
from tests.importing import importing


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for case, organisation, reviewer in (
        ("own", cast.vani_youth, cast.reviewer),
        ("other", cast.guria_women, cast.reviewer2),
    ):
        call = await a_call(cast, "evaluating")
        application = await an_application(cast, call, "in_review", organisation=organisation)
        review = await a_review(cast, application, "drafting", reviewer)
        async with importing():
            upload = await an_upload(cast.editor)
            attachment = await insert(Attachment, application_id=application.id, upload_id=upload.id)
        minutes = await some_minutes(cast, call, signed=False)
        decided = await a_decided_application(cast, organisation=organisation)
        of_review = {"review_id": str(review.id), "attachment_id": str(attachment.id)}
        of_call = {"reference": call.reference, "number": application.number}
        of_minutes = {"reference": call.reference, "number": str(minutes.number)}
        for path in PATHS:
            given = of_review if "{review_id}" in path else of_minutes if "/minutes/" in path else of_call
            if path.endswith("/applications/{number}/decision"):
                given = {"number": decided.number}
            found.setdefault(path, {})[case] = given
    return found


REVIEW = (
    "",
    "/conflict",
    "/declaration",
    "/scores",
    "/lock",
    "/documents/{attachment_id}",
    "/replacement",
    "/reopening",
)
CALL = (
    "/reviews", "/reviews/{number}", "/reviews/suggestion", "/evaluation", "/evaluation-reopening", "/ranking", "/ranking.csv", "/ranking.xlsx", "/ranking/{number}",
    "/ranking/{number}/removal", "/ranking/{number}/promotion", "/decision", "/decisions/{number}",
    "/decisions/{number}/promotion", "/minutes", "/minutes/{number}", "/minutes/{number}/signature",
    "/minutes/{number}/minutes.pdf",
)  # fmt: skip
PATHS = [
    *(f"{root}/reviews/{{review_id}}{rest}" for root in ("", "/api/v1") for rest in REVIEW),
    *(f"{root}/calls/{{reference}}{rest}" for root in ("", "/api/v1") for rest in CALL),
    *(f"{root}/applications/{{number}}/decision" for root in ("", "/api/v1")),
]
