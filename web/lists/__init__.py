"""Lists: what is declared of one (listing), what an address asks of it (query), the way back to it (kept)."""

from web.lists.query import Asked, asked, order

__all__ = ["Asked", "asked", "order"]
