"""A draft of `curator` for Vani and one of `curator2` for Ozurgeti; open ones for the public pages."""

from tests.builders.calls import a_call

PUBLIC = (
    "GET /calls/{reference}",
    "GET /calls/{reference}/questions",
    "GET /calls/{reference}/questions.pdf",
    "GET /api/v1/calls/{reference}",
)


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    given = {}
    for case, places, author in (("own", ["vani"], cast.curator), ("other", ["ozurgeti"], cast.curator2)):
        draft = await a_call(cast, "draft", municipalities=places, created_by=author.id)
        opened = await a_call(cast, "open", municipalities=places, created_by=author.id)
        part = {"reference": draft.reference, "part": "documents", "part_id": str(draft.documents[0].id)}
        given[case] = (draft, opened, part)
    found: dict[str, dict[str, dict[str, str]]] = {}
    for case, (draft, opened, part) in given.items():
        for path in PUBLIC:
            found.setdefault(path, {})[case] = {"reference": opened.reference}
        for path in PATHS:
            found.setdefault(path, {})[case] = part if "{part}" in path else {"reference": draft.reference}
    return found


PATHS = [
    f"{root}/{{reference}}{rest}"
    for root in ("/manage/calls", "/api/v1/calls")
    for rest in (
        "", "/preview", "/preview/form", "/terms", "/texts", "/invitations", "/parts/{part}", "/parts/{part}/new",
        "/parts/{part}/{part_id}", "/parts/{part}/{part_id}/position", "/parts/{part}/{part_id}/removal",
        "/approval-request", "/approval", "/return", "/recall", "/handover", "/deadline", "/suspension", "/resumption", "/cancellation", "/copies", "/gaps",
    )
]  # fmt: skip
