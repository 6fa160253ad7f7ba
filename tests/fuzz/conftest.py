"""Fixtures of the neighbours whose worlds are lied to here."""

from tests.handlers.conftest import gateway
from tests.sandbox.taobao.conftest import buyer, visitor

__all__ = ["buyer", "gateway", "visitor"]
