"""Search: what proposes certificates. Nothing here is believed; the trusted folder checks what it returns."""

from derivable.search.propose import propose

__all__ = ["propose"]
