"""Tells from where a request comes: the peer, or where the peer is a declared proxy, whom it names.

`X-Forwarded-For` is read from its end: each proxy adds the address it has seen, so the last one that is no proxy's is the
client's, and what stands before that is only claimed.

And whether it is meant for this service: a page of another site whose name was bound to this address (DNS rebinding) would
read the answers as its own. It needs a name for that, so outside production bare addresses and `localhost` are taken as
they are.
"""

from __future__ import annotations

import re
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from flask import Request

from shared.kernel.settings.current import settings

CUSTOMER_BITS: Final = 64  # of an IPv6 address: RFC 6177 gives no customer less
ANYBODY: Final = "*"
LOCAL: Final = "localhost"
_HOST: Final = re.compile(
    r"(?P<name>[\w.-]+|\[[\w.%-]*:[\w.:%-]*\])(:\d*)?", re.ASCII
)  # RFC 9110, 7.2: there is no userinfo in it
_FORWARDED: Final = re.compile(r"\[(?P<six>[^\]]*)\](:\d+)?|(?P<four>[^:]*):\d+")

Address: TypeAlias = IPv4Address | IPv6Address


def client_of(request: Request) -> str:
    """Return the client that a request is counted to: an address, or an IPv6 customer's network."""
    address = request.remote_addr or ""
    for claimed in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        named = _without_port(claimed.strip())
        if _parsed(named) is None or not is_proxy(address):
            break
        address = named
    return customer_of(address)


def is_proxy(address: str) -> bool:
    """Tell whether an address is a declared proxy's."""
    proxies, parsed = settings().proxies, _parsed(address)
    if parsed is None or not proxies:
        return False
    return ANYBODY in proxies or any(parsed in network for network in _networks(proxies))


def customer_of(address: str) -> str:
    """Return what is counted as one client: of IPv6 the network, since a customer has all of its addresses."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, CUSTOMER_BITS), strict=False))
    return address if parsed is None else str(parsed)


def is_own_host(host: str) -> bool:
    """Tell whether a `Host` header names this service, whatever the port."""
    written = _HOST.fullmatch(host)
    if written is None:
        return False
    name = written["name"].strip("[]").lower().rstrip(".")
    if name in _own_names(settings().hosts, tuple(settings().addresses.values())):
        return True
    return not settings().production and (name == LOCAL or _parsed(name) is not None)


def _without_port(forwarded: str) -> str:
    """Return the address of an entry of `X-Forwarded-For`: some proxies write the port beside it, or brackets around it."""
    written = _FORWARDED.fullmatch(forwarded)
    return forwarded if written is None else written["six"] or written["four"] or ""


def _parsed(address: str) -> Address | None:
    """Return an address; one of IPv4 also where it came as one of IPv6."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


@cache
def _networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy) for proxy in proxies if proxy != ANYBODY)


@cache
def _own_names(hosts: tuple[str, ...], addresses: tuple[str, ...]) -> frozenset[str]:
    public = (urlsplit(address).hostname or "" for address in addresses)
    return frozenset(name.lower() for name in (*hosts, *public) if name)
