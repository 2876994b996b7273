"""Only addresses of the public network are connected to."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.sources.addresses import is_odd_number, is_public

PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2606:4700::1%eth0",
    "", "localhost", "127.1", "0x7f000001", "2130706433", "1.2.3.4/8",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.0", "193.0.0.1", "2606:4700::1111", "2a00:1450::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_told(address: str) -> None:
    """Loopback, private, link-local, metadata services, and every form that carries one of these inside."""
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_network_is_told(address: str) -> None:
    """Neighbours of the special networks included."""
    assert is_public(address)


@given(number=st.integers(0, 2**32 - 1))
def test_no_version_4_address_is_public_that_the_standard_library_takes_for_private(number: int) -> None:
    """Our list may be the stricter one, never the more generous one."""
    address = IPv4Address(number)
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast)


@given(number=st.integers(0x2000 << 112, (0x4000 << 112) - 1) | st.integers(0, 2**128 - 1))
def test_no_version_6_address_is_public_that_the_standard_library_takes_for_private(number: int) -> None:
    """The same, over all of the numbers and over those that are assigned."""
    address = IPv6Address(number)
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast)


@given(number=st.integers(0, 2**32 - 1))
def test_no_version_4_address_comes_in_through_version_6(number: int) -> None:
    """Mapped, compatible, translated, 6to4, Teredo, NAT64: none is connected to, whatever it carries."""
    inner = IPv4Address(number)
    carriers = [number, 0xFFFF << 32 | number, 0xFFFF << 48 | number, 0x2002 << 112 | number << 80,
                0x20010000 << 96 | (number ^ 0xFFFFFFFF), 0x64FF9B << 96 | number]  # fmt: skip
    assert not any(is_public(str(IPv6Address(carrier))) for carrier in carriers), inner


@given(number=st.integers(0, 2**32 - 1))
def test_an_address_is_a_host_in_its_usual_writing_alone(number: int) -> None:
    """Decimal, octal, hexadecimal and shortened forms are read differently by different programs."""
    usual = str(IPv4Address(number))
    parts = [int(part) for part in usual.split(".")]
    assert not is_odd_number(usual)
    assert is_odd_number(f"{usual}.")
    assert is_odd_number(str(number))
    assert is_odd_number(hex(number))
    assert is_odd_number(".".join(f"0{part:o}" for part in parts))
    assert is_odd_number(".".join(map(hex, parts)))
    assert is_odd_number(f"{parts[0]}.{number & 0xFFFFFF}")


@given(host=st.from_regex(r"\A[a-z0-9-]{1,20}\.[a-z]{2,6}\Z"))
def test_a_name_is_no_odd_number(host: str) -> None:
    """Digits may stand anywhere but alone at the end."""
    assert not is_odd_number(host)


def test_a_private_network_ends_where_it_ends() -> None:
    """The edges of the private networks, on both sides."""
    for network in map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")):
        assert not is_public(str(network[0]))
        assert not is_public(str(network[-1]))
        assert is_public(str(network[0] - 1))
        assert is_public(str(network[-1] + 1))
