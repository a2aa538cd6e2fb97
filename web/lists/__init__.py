"""Lists: what is declared of one (listing), what an address asks of it (query), the way back to it (kept)."""

from web.lists.query import ListQuery, only_paged

__all__ = ["ListQuery", "only_paged"]
