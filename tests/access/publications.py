"""Publications for their routes: `own` is published, `other` a draft. What of drafts the public does not read is told in
tests/monitoring/publications."""

from tests.builders.publications import a_publication, an_edition
from tests.house.test_access import rows_of


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    given = {}
    for case, state in (("own", "published"), ("other", "draft")):
        one = await a_publication(cast, state=state)
        given[case] = {"reference": one.reference, "key": str((await an_edition(cast, one)).id)}
    return {
        line["path"]: {case: given[case] for case in given if line[case]}
        for line in rows_of("publications")
        if "{reference}" in line["path"]
    }
