"""The example programme: the real one as far as its sources tell, and invented grants so that every state is shown."""

from entrypoints.example.loading import PASSWORD, load, reset

__all__ = ["PASSWORD", "load", "reset"]
