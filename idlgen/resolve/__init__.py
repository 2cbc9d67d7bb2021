"""Documents to an Api: every name found, every type known, every value fitting."""

from idlgen.resolve.packages import resolve

__all__ = ["resolve"]
