"""Objects for the routes of monitoring/results/: a grant, a value and a visit of each organisation."""

from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report, the_value
from tests.builders.visits import a_visit


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    indicator = await an_indicator(cast)
    made = {}
    for case, organisation in (("own", cast.vani_youth), ("other", cast.guria_women)):
        award = await an_award(cast, organisation=organisation)
        await a_promise(cast, award, indicator)
        report = await a_report(cast, award, state="accepted")
        visit = await a_visit(cast, award)
        made[case] = {
            "reference": award.reference,
            "visit": visit.reference,
            "value_id": str((await the_value(report)).id),
            "slug": "vani" if case == "own" else "ozurgeti",
        }

    def of(name: str, key: str) -> dict[str, dict[str, str]]:
        return {case: {name: facts[key]} for case, facts in made.items()}

    return {
        "/grants/{reference}": of("reference", "reference"),
        "/api/v1/grants/{reference}": of("reference", "reference"),
        "/municipalities/{slug}": of("slug", "slug"),
        "/donor/money/{step}": {"own": {"step": "paid"}, "other": {"step": "verified"}},
        "/donor/results/{code}": {case: {"code": indicator.code} for case in made},
        "/results/{code}": {case: {"code": indicator.code} for case in made},
        "/donor/values/{value_id}": of("value_id", "value_id"),
        "/donor/visits/{reference}": of("reference", "visit"),
    }
