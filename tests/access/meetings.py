"""Objects for the routes of monitoring/meetings/: the lists need none."""


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    return {}
