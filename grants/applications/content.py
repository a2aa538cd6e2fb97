"""What an application says, as one document: gathered from its parts while a draft, frozen in `body` when submitted."""

from __future__ import annotations

import json

from foundation.database import value
from grants.applications.tables import Application

VERSION = 1


async def content_of(application: Application) -> dict[str, object]:
    """The frozen document of what was submitted, or the draft as it stands. Who may read it is the caller's question:
    pages through `visible_to`, reviewers through their assignment."""
    body = application.body
    return body if isinstance(body, dict) and "sections" in body else await gather(application)


async def gather(application: Application) -> dict[str, object]:
    """Every part of the application in one statement; money and dates are strings."""
    found = json.loads(await value(GATHER_SQL, application.id))
    return {"version": VERSION, **found}


FILES_SQL = """(SELECT coalesce(json_agg(json_build_object('id', t.id, 'filename', u.filename, 'size', b.size,
  'media_type', b.media_type, 'sha256', encode(b.sha256, 'hex'), 'picture', u.thumbnail_sha256 IS NOT NULL)
  ORDER BY t.created), '[]')
  FROM attachment t JOIN upload u ON u.id = t.upload_id JOIN blob b ON b.sha256 = u.blob_sha256
  WHERE t.application_id = a.id AND NOT t.clarification AND {which})"""
GATHER_SQL = """
SELECT json_build_object(
  'number', a.number, 'language', a.language, 'currency', a.currency,
  'requested', a.requested::text, 'own_contribution', a.own_contribution::text,
  'title_ka', a.title_ka, 'title_en', a.title_en, 'summary_ka', a.summary_ka, 'summary_en', a.summary_en,
  'starts_on', a.starts_on, 'ends_on', a.ends_on,
  'call', json_build_object('reference', c.reference, 'title_ka', c.title_ka, 'title_en', c.title_en),
  'organisation', json_build_object('name_ka', o.name_ka, 'name_en', o.name_en,
    'identification_code', o.identification_code),
  'municipality', CASE WHEN m.id IS NOT NULL
    THEN json_build_object('id', m.id, 'slug', m.slug, 'name_ka', m.name_ka, 'name_en', m.name_en) END,
  'sections', (SELECT coalesce(json_agg(json_build_object('id', s.id, 'position', s.position, 'title_ka', s.title_ka,
      'title_en', s.title_en, 'questions', (
        SELECT coalesce(json_agg(json_build_object('id', q.id, 'kind', q.kind, 'label_ka', q.label_ka,
          'label_en', q.label_en, 'help_ka', q.help_ka, 'help_en', q.help_en,
          'word_guide', q.word_guide, 'required', q.required, 'options', q.options, 'value', w.value)
          ORDER BY q.position, q.id), '[]')
        FROM question q LEFT JOIN answer w ON w.question_id = q.id AND w.application_id = a.id
        WHERE q.section_id = s.id)) ORDER BY s.position), '[]')
    FROM section s WHERE s.call_id = a.call_id),
  'budget', (SELECT coalesce(json_agg(json_build_object('id', b.id, 'category', b.category, 'item', b.item,
      'unit', b.unit, 'quantity', b.quantity::text, 'unit_cost', b.unit_cost::text, 'amount', b.amount::text,
      'own_share', b.own_share::text, 'note', b.note) ORDER BY b.position), '[]')
    FROM budget_line b WHERE b.application_id = a.id),
  'documents', (SELECT coalesce(json_agg(json_build_object('id', d.id, 'title_ka', d.title_ka, 'title_en', d.title_en,
      'required', d.required, 'files', {files_of_document}) ORDER BY d.position, d.id), '[]')
    FROM required_document d WHERE d.call_id = a.call_id),
  'other_files', {other_files})::text
FROM application a JOIN call c ON c.id = a.call_id JOIN organisation o ON o.id = a.organisation_id
LEFT JOIN municipality m ON m.id = a.municipality_id WHERE a.id = $1
""".replace("{files_of_document}", FILES_SQL.format(which="t.document_id = d.id")).replace(
    "{other_files}", FILES_SQL.format(which="t.document_id IS NULL")
)
