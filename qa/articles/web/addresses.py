"""Which web addresses Dateline fetches: http and https, on machines of the public internet, at the ports of the web.

A page or a feed may lead anywhere: to a router, to a database, or to the service that gives a cloud machine its keys.
So every name is looked up, every address found is checked, and only checked addresses are connected to.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from ...errors import InputError

if TYPE_CHECKING:
    import httpx

Resolver = Callable[..., list[tuple[Any, Any, Any, Any, Any]]]
"""Looks up a name, as ``socket.getaddrinfo`` does."""
Place = tuple[str, int]
"""An IP address and a port."""

# 8080 and 8443 are where small web servers listen. Other ports belong to mail, databases and the like: a redirect to
# one would make Dateline speak HTTP to them in the name of its user.
PORTS = {80, 443, 8080, 8443}
MAX_LENGTH = 8_000

# https://www.iana.org/assignments/iana-ipv4-special-registry, and what is not in it because it is not special to IANA.
_SPECIAL_V4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a provider's NAT; the metadata service of Alibaba Cloud is 100.100.100.200
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the host of an Azure machine
        "169.254.0.0/16",  # link-local: the metadata services of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; the metadata service of Oracle Cloud is 192.0.0.192
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT relays
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# All that is public is in here. Loopback, link-local, site-local, unique local and multicast addresses, those that hold
# an IPv4 address ("compatible"), and the NAT64 prefix for local use (64:ff9b:1::/48) are not.
_GLOBAL_V6 = ip_network("2000::/3")
# https://www.iana.org/assignments/iana-ipv6-special-registry
_SPECIAL_V6 = tuple(
    ip_network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo (which holds an IPv4 address), benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_NAT64 = ip_network("64:ff9b::/96")
_ISATAP = {0x0000_5EFE, 0x0200_5EFE}  # the third quarter of an address whose last quarter is an IPv4 address

_AUTHORITY = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s\[\]:@\\%]+))(?::(?P<port>[0-9]{0,5}))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def parse(text: str, base: str | None = None) -> httpx.URL:
    """Read the address of a page.

    Args:
        text: the address, as somebody wrote it.
        base: the address of the page that leads to it, if it may be relative.

    Returns:
        The address without fragment, with its host in ASCII: the one that is connected to, named and checked for.

    Raises:
        InputError: it is no address of a page that Dateline fetches.
    """
    import httpx

    if len(text) > MAX_LENGTH:
        raise InputError(f"is longer than {MAX_LENGTH:,} characters")
    # Python's parser drops these characters silently, others do not: two parsers would see two hosts.
    if _CONTROL.search(text.strip()):
        raise _invalid()
    try:
        parts = urlsplit(urljoin(base or "", text.strip()))
        if parts.scheme not in {"http", "https"}:
            raise InputError("is not an http or https address")
        authority = _authority(parts.netloc)
        return httpx.URL(f"{parts.scheme}://{authority}{parts.path or '/'}{parts.query and '?'}{parts.query}")
    except (ValueError, httpx.InvalidURL) as error:
        raise _invalid() from error


def host_of(url: httpx.URL) -> str:
    """Return the host of a parsed address: a name in ASCII, or an IP address without brackets."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int:
    """Return the port of a parsed address."""
    return url.port or {"http": 80, "https": 443}[url.scheme]


def shown(text: str) -> str:
    """Return an address that a stranger wrote in printable ASCII, at most 200 characters of it, for a message."""
    return quote(text, safe=_PRINTABLE, errors="replace")[:200]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a machine of the public internet.

    Args:
        address: an IPv4 or IPv6 address. If it stands for an IPv4 address (mapped, NAT64), it is judged by that one.

    Returns:
        False also for an address with a zone, and for what is no address.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = _inner(ip)
        if inner is None:
            return _is_public_v6(ip)
        ip = inner
    return not any(ip in block for block in _SPECIAL_V4)


def public_places(host: str, port: int, resolve: Resolver, allow: Collection[Place]) -> list[Place]:
    """Look up a host and check what is found.

    Args:
        host: a name or an IP address.
        port: the port to connect to.
        resolve: looks up names.
        allow: places that count as public. Only tests have any.

    Returns:
        Where to connect to, in order of preference. There is at least one.

    Raises:
        InputError: the host does not exist, or one of its addresses is not public. The others do not help: whoever
            controls the name chooses which one is used.
    """
    try:
        found = [(str(entry[4][0]), int(entry[4][1])) for entry in resolve(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise InputError(f"{host} cannot be found; check the address and the network") from error
    if not found:
        raise InputError(f"{host} cannot be found; check the address and the network")
    if not all(place in allow or is_public(place[0]) for place in found):
        raise InputError(f"{host} is a private address; Dateline only fetches public ones")
    return list(dict.fromkeys(found))


def _authority(netloc: str) -> str:
    if "@" in netloc:
        raise InputError("contains a user name or password, which Dateline does not send; remove it")
    match = _AUTHORITY.fullmatch(netloc)
    if not match:
        raise _invalid()
    host = f"[{IPv6Address(match['v6'])}]" if match["v6"] else _name(match["name"])
    port = match["port"]
    if port and int(port) not in PORTS:
        raise InputError(f"has port {port}; Dateline only fetches from the ports {', '.join(map(str, sorted(PORTS)))}")
    return f"{host}:{port}" if port else host


def _name(name: str) -> str:
    """Return a host in lower-case ASCII."""
    import idna

    # UTS 46 is what browsers do: it turns full-width digits, circled letters and the ideographic full stop into ASCII.
    ascii_name = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    ascii_name = ascii_name.removesuffix(".")
    if not _NAME.fullmatch(ascii_name) or len(ascii_name) > 253:
        raise _invalid()
    if _NUMBER.fullmatch(ascii_name.rpartition(".")[2]):
        # No top-level domain is a number, so this is an IPv4 address. Octal, hexadecimal and shortened spellings mean
        # different machines to different programs. Only one spelling is understood by all.
        try:
            return str(IPv4Address(ascii_name))
        except ValueError as error:
            raise InputError("spells an IP address in an unusual way; write four decimal numbers") from error
    return ascii_name


def _inner(ip: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(ip) & 0xFFFF_FFFF) if ip.ipv4_mapped or ip in _NAT64 else None


def _is_public_v6(ip: IPv6Address) -> bool:
    if ip.scope_id or ip not in _GLOBAL_V6 or any(ip in block for block in _SPECIAL_V6):
        return False
    return (int(ip) >> 32 & 0xFFFF_FFFF) not in _ISATAP


def _invalid() -> InputError:
    return InputError("is not a valid web address; check its spelling")
