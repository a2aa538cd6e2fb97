"""The same bytes used more than once: no fault by itself, but whoever judges a receipt or a number sees it."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from foundation.database import rows
from foundation.language import gettext as _
from monitoring.reports.tables import Report


async def repeats_of(report: Report) -> dict[UUID, str]:
    """By upload of this report: where else its bytes prove something."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for each in await rows(REPEATS, report.id):
        where = _("report {reference}/{number}, {what}", reference=each["reference"], number=each["number"],
                  what=each["what"])  # fmt: skip
        if where not in found[each["upload_id"]]:
            found[each["upload_id"]].append(where)
    return {
        upload: _("The same file is also used in: {places}.", places="; ".join(own[:5]))
        for upload, own in found.items()
    }


# One list may prove several numbers of a report; a receipt proves one line. From the few files of this report on by
# index, whatever the planner believes of the rest: OFFSET 0 keeps it from joining all files first.
REPEATS = """
WITH mine AS MATERIALIZED (
  SELECT e.id, e.upload_id, u.blob_sha256, 'receipt' AS kind FROM spending_evidence e
  JOIN spending_line s ON s.id = e.spending_line_id JOIN upload u ON u.id = e.upload_id WHERE s.report_id = $1
  UNION ALL SELECT e.id, e.upload_id, u.blob_sha256, 'value' FROM value_evidence e
  JOIN report_value v ON v.id = e.value_id JOIN upload u ON u.id = e.upload_id WHERE v.report_id = $1)
SELECT DISTINCT m.upload_id, a.reference, d.number, o.what FROM mine m
CROSS JOIN LATERAL (SELECT u.id FROM upload u WHERE u.blob_sha256 = m.blob_sha256 OFFSET 0) t
CROSS JOIN LATERAL (
  SELECT e.id, s.report_id, b.item AS what, 'receipt' AS kind FROM spending_evidence e
  JOIN spending_line s ON s.id = e.spending_line_id JOIN budget_line b ON b.id = s.budget_line_id
  WHERE e.upload_id = t.id
  UNION ALL SELECT e.id, v.report_id, i.code, 'value' FROM value_evidence e
  JOIN report_value v ON v.id = e.value_id JOIN indicator i ON i.id = v.indicator_id
  WHERE e.upload_id = t.id OFFSET 0) o
JOIN report r ON r.id = o.report_id JOIN report_due d ON d.id = r.report_due_id JOIN award a ON a.id = r.award_id
WHERE o.id <> m.id AND NOT (m.kind = 'value' AND o.kind = 'value' AND o.report_id = $1)
ORDER BY a.reference, d.number, o.what
"""
