"""Objects for the access table of payments: one tranche in the state each route is about, and a bank account."""

from foundation.database import value
from tests.builders.awards import a_bank_account, a_tranche, an_award
from tests.builders.uploads import an_upload
from tests.importing import importing

STATES = {
    "due": ["", "/request"],
    "requested": ["/request-return", "/certificate"],
    "certified": ["/approval", "/return"],
    "approved": ["/authorisation", "/order"],
    "authorised": ["/revocation"],
    "sent": ["/payment", "/failure", "/order-correction"],
    "failed": ["/retry"],
    "paid": ["/receipt", "/recovery", "/reversal"],
    "recovery_due": ["/repayment", "/write-off"],
}


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for case, organisation in (("own", cast.vani_youth), ("other", cast.guria_women)):
        draft = await an_award(cast, state="drafting", organisation=organisation)
        found.setdefault("/awards/{reference}/tranches/plan", {})[case] = {"reference": draft.reference}
        for state, paths in STATES.items():
            award = await an_award(cast, organisation=organisation)
            await a_tranche(cast, state=state, award=award)
            for path in paths:
                parameters = {"reference": award.reference, "number": "1"}
                found.setdefault(f"/awards/{{reference}}/tranches/{{number}}{path}", {})[case] = parameters
        for path in ("tranches", "account"):
            found.setdefault(f"/awards/{{reference}}/{path}", {})[case] = {"reference": award.reference}
        condition = {"reference": award.reference, "number": "2", "condition_id": str(await _documented(cast, award))}
        root = "/awards/{reference}/tranches/{number}/conditions/{condition_id}"
        for path in ("/fulfilment", "/evidence"):
            found.setdefault(root + path, {})[case] = condition
        await _account(cast, organisation, found, case)
    return found | {f"/api/v1{path}": given for path, given in found.items()}


async def _documented(cast, award):
    """A condition of the second tranche with a document that is really there."""
    file = await an_upload(cast.director)
    async with importing():
        return await value(
            "UPDATE tranche_condition SET kind = 'document', evidence_upload_id = $2 WHERE id = (SELECT c.id FROM"
            " tranche_condition c JOIN tranche t ON t.id = c.tranche_id WHERE t.award_id = $1 AND t.number = 2 LIMIT 1)"
            " RETURNING id",
            award.id,
            file.id,
        )


async def _account(cast, organisation, found, case):
    signatory = cast.signatory if case == "own" else cast.other_signatory
    letter = await an_upload(signatory)
    account = await a_bank_account(cast, organisation, verified=False, letter_upload_id=letter.id)
    parameters = {"organisation_id": str(organisation.id), "account_id": str(account.id)}
    root = "/organisations/{organisation_id}/bank"
    for path in ("", "/{account_id}/verification", "/{account_id}/retirement", "/{account_id}/letter"):
        found.setdefault(root + path, {})[case] = parameters
