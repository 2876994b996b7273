"""The addresses of the network to which Callsheet may connect for a given URL: public ones, and no other.

They are written out from IANA's registries of special-purpose addresses (RFC 6890; as of 2024-10). The lists of
`ipaddress.is_global` differ between patch releases of Python.
"""

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_SPECIAL_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by a provider's customers; a metadata service of a cloud
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # public by its number, but the platform service of a cloud, inside each machine
            "169.254.0.0/16",  # link-local; metadata services of clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; a metadata service of a cloud
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # automatic multicast tunnels
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
# All assigned addresses are in here. Outside are loopback, link-local, unique-local, multicast, and every form that
# carries an IPv4 address (mapped, translated, NAT64).
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo carries an IPv4 address; benchmarks; ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4 carries an IPv4 address
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)


def is_public(address: str) -> bool:
    """Return whether an IP address, as a resolver gives it, belongs to the public network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _SPECIAL_V4)
    return (
        parsed in _GLOBAL_UNICAST_V6
        and parsed.scope_id is None
        and not any(parsed in network for network in _SPECIAL_V6)
    )


def is_odd_number(host: str) -> bool:
    """Return whether a host is an IP address in unusual writing.

    2130706433, 0x7f.1, 0177.0.0.1, 127.1.

    Such writing is never an accident. By the URL standard (section “Host parsing”) a host whose last label is a number
    is an IPv4 address, however few parts it has.
    """
    last = host.rstrip(".").rpartition(".")[2].lower()
    if not (last.isdecimal() or last.startswith("0x")):
        return False
    try:
        return str(IPv4Address(host)) != host
    except AddressValueError:
        return True


def is_ipv6(host: str) -> bool:
    """Return whether a host is an IPv6 address."""
    try:
        IPv6Address(host)
    except AddressValueError:
        return False
    return True
