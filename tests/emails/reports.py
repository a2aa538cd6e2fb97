"""Emails about reports."""

from tests.builders.awards import an_award
from tests.builders.reports import a_report
from tests.emails.telling import WITH_REASON, Email, Told, day, named, recorded

OWN, PAGE = "editor signatory", "/reports/{reference}/{number}"


async def one(cast, state):
    award = await an_award(cast)
    report = await a_report(cast, award, state, spent=0)
    return report, {
        "reference": award.reference, "number": "1", "title": named(award, "title"), "due": day(report.due_on),
        "organisation": named(cast.vani_youth, "name"),
    }  # fmt: skip


EMAILS = [
    Told("report.opened", recorded(one, "open"), [
        Email(OWN, "Report {number} of “{title}” can be written now", "number title due", PAGE),
    ]),
    Told("report.submitted", recorded(one, "submitted", by="signatory"), [
        Email("curator", "Report {number} of “{title}” waits for you", "organisation number title", PAGE),
    ]),
    Told("report.returned", recorded(one, "returned", by="curator", tells=WITH_REASON), [
        Email(OWN, "Report {number} of “{title}” needs a correction", "number title reason due", PAGE),
    ]),
    Told("report.verified", recorded(one, "verified", by="curator"), [
        Email("manager finance", "Report {number} of “{title}” is verified", "organisation number title", PAGE),
    ]),
    Told("report.accepted", recorded(one, "accepted", by="finance"), [
        Email(OWN, "Report {number} of “{title}” is accepted", "number title", PAGE),
    ]),
    Told("report.waived", recorded(one, "waived", tells=WITH_REASON), [
        Email(OWN, "Report {number} of “{title}” is not needed any more", "number title reason", PAGE),
    ]),
    Told("report.lapsed", recorded(one, "lapsed", tells=WITH_REASON), [
        Email(OWN, "Report {number} of “{title}” has lapsed", "number title reason", PAGE),
    ]),
]  # fmt: skip
