"""Where a callback may go: to public addresses only, judged when the connection is made, so that a name which changes
its address in between gains nothing. The operator may name hosts, private ones too; then no others are allowed."""

import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver


class Forbidden(OSError):
    """`rule` says why nothing may be sent there."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def check_address(url: str, allowed: Collection[str]) -> None:
    """What can be told without asking for the host's address. Raises Forbidden."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if allowed:
        if host not in allowed:
            raise Forbidden("host_not_allowed")
        return
    if parts.scheme != "https" or not _public_if_literal(host):
        raise Forbidden("private_address")


class PublicResolver(AbstractResolver):
    """Gives only public addresses of hosts that aren't named in `allowed`."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed, self._system = frozenset(allowed), ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises Forbidden when one of the host's addresses isn't public."""
        found = await self._system.resolve(host, port, family)
        if host not in self._allowed and not all(_public(one["host"]) for one in found):
            raise Forbidden("private_address")
        return found

    async def close(self) -> None:
        await self._system.close()


def _public_if_literal(host: str) -> bool:
    """aiohttp asks no resolver for a host that is an address itself."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return _public(host)


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    judged = mapped or ip
    return judged.is_global and not judged.is_multicast
