"""Objects for the routes of indicators: one indicator, and a grant of each organisation that promises it."""

from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    own, other = await an_award(cast), await an_award(cast, organisation=cast.guria_women)
    indicator = await an_indicator(cast)
    for award in (own, other):
        await a_promise(cast, award, indicator)
    code = {case: {"code": indicator.code} for case in ("own", "other")}
    reference = {"own": {"reference": own.reference}, "other": {"reference": other.reference}}
    steps = [f"{api}/indicators/{{code}}/{noun}" for api in ("", "/api/v1") for noun in ("refusal", "confirmation")]
    paths = (*steps, "/indicators/{code}", "/indicators/{code}/edit", "/api/v1/indicators/{code}")
    of_award = ("/promises/{reference}", "/promises/{reference}/edit", "/api/v1/promises/{reference}")
    return dict.fromkeys(paths, code) | dict.fromkeys(of_award, reference)
