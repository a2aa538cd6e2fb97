"""What the API and the page tell of a row: its columns, choices typed as its form types them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from piccolo.table import Table
from pydantic import BaseModel, create_model

from lifecycle.drawn import choice_of


def told(
    name: str, table: type[Table], form: type[BaseModel], only: Collection[str] = (), **own: Any
) -> type[BaseModel]:
    """A model of every column, or `only` some, but for the keys of others and of who wrote what. `own` is what a read
    brings along besides, or types better: `state=State`, `filename=str | None`."""
    fields: dict[str, Any] = {}
    for column in table._meta.columns:
        key = column._meta.name
        if key.endswith(("_by", "_id")) or (only and key not in only):
            continue
        asked = form.model_fields.get(key)
        kind: Any = (choice_of(asked.annotation) if asked else None) or column.value_type
        fields[key] = (kind | None if column._meta.null else kind, ...)
    fields |= {key: (kind, ...) for key, kind in own.items()}
    return create_model(name, **fields)
