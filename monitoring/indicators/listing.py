"""The indicators in their order: a page of its own shows what each has come to, JSON the same."""

from __future__ import annotations

from foundation.language import N_
from web.lists.listing import Column, Filter, Listing, everything

INDICATORS = Listing[object](
    name="indicators",
    path="/indicators",
    title=N_("Indicators"),
    meta=N_("What the programme measures. Reported and verified are never mixed; only accepted reports count."),
    source="indicator i",
    key="i.id",
    where="i.active",
    visible_to=everything,
    order="position",
    orders={"position": ("i.position", "i.code")},
    few=True,
    size=100,
    downloads=False,
    columns=[Column("code", "i.code")],
    # what is counted of each, not which there are
    filters=[Filter("municipality", kind="scope"), Filter("call", kind="scope")],
    template="monitoring/indicators/templates/list.html",
)  # fmt: skip
