"""The answers of the API beside what its own description says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker

FORMATS = FormatChecker(())


@FORMATS.checks("date", ValueError)
def _day(told: Any) -> bool:
    return not isinstance(told, str) or bool(date.fromisoformat(told))


@FORMATS.checks("date-time", ValueError)
def _moment(told: Any) -> bool:
    """With its offset: without one it is a moment somewhere else."""
    return not isinstance(told, str) or ("T" in told and datetime.fromisoformat(told).tzinfo is not None)


@FORMATS.checks("uuid", ValueError)
def _key(told: Any) -> bool:
    return not isinstance(told, str) or bool(UUID(told))


class Described:
    """The document; `wrong(…)` says what in an answer it does not promise."""

    def __init__(self, document: dict[str, Any]):
        self.document = document
        self.validators: dict[str, Draft202012Validator] = {}

    def reads(self) -> Iterator[str]:
        return (path for path, item in self.document["paths"].items() if "get" in item)

    def wrong(self, path: str, answer: Any, method: str = "get") -> list[str]:
        said = self.document["paths"][path][method]["responses"].get(str(answer.status_code))
        if said is None:
            return [f"{answer.status_code} is not in the description"]
        kind = answer.headers.get("content-type", "").split(";")[0]
        if answer.status_code == 204:
            return []
        if kind not in said["content"]:
            return [f"{kind} is not in the description"]
        schema = said["content"][kind]["schema"]
        faults = self._of(schema).iter_errors(answer.json())
        return [f"{fault.json_path}: {fault.message[:160]}" for fault in faults][:5]

    def _of(self, schema: dict[str, Any]) -> Draft202012Validator:
        key = repr(schema)
        if key not in self.validators:
            whole = {"components": self.document["components"], **schema}
            self.validators[key] = Draft202012Validator(whole, format_checker=FORMATS)
        return self.validators[key]


def plain(path: str) -> str:
    """/visits/{visit_id:uuid} as the access tables write it."""
    return re.sub(r"\{(\w+)(:\w+)?\}", r"{\1}", path)
