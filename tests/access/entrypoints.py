"""Objects for the routes of entrypoints/: one letter, and the same for everybody."""

from foundation.database import value
from foundation.mail import post


async def objects(cast) -> dict[str, dict[str, dict[str, str]]]:
    await post("somebody@example.org", "Letter", "Text", "en")
    number = str(await value("SELECT id FROM mail LIMIT 1"))
    return {"/mail-preview/{number:uuid}": {"own": {"number": number}, "other": {"number": number}}}
