"""`haitang open311-check`: does a server speak Open311 GeoReport v2? 56 checks of any address, without a database."""

from haitang.runtime.open311_check.program import command

__all__ = ["command"]
