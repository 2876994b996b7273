"""Connections to the public network alone, to the very address that was checked.

A host is looked up once, all its addresses are checked, and the connection uses one of these very addresses. A second
look-up for the connection could give a private address after a public one.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence

import httpcore

from callsheet.errors import InvalidRequest, ProviderUnavailable
from callsheet.sources.addresses import is_public

FIELD = "url"
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""The IP addresses of a host, best first."""

_TEMPORARY = {socket.EAI_AGAIN, socket.EAI_SYSTEM, socket.EAI_MEMORY}


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, as the system's resolver orders them.

    Raises:
        InvalidRequest: there is no such host.
        ProviderUnavailable: the resolver did not answer.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _TEMPORARY:
            raise ProviderUnavailable(host, f"the name {host} could not be looked up") from None
        raise InvalidRequest(f"there is no host {host}: check the address", FIELD) from None
    except UnicodeError:
        raise InvalidRequest(f"“{host[:80]}” is no host name: check the address", FIELD) from None
    return [str(address[0]) for *_, address in found]


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections for an HTTP client, to public hosts and to those of `allowed_hosts`.

    `allowed_hosts` are written as in a URL, each with its port, e.g. “media.example.com:8080”. `network` makes the real
    connections.
    """

    def __init__(
        self,
        allowed_hosts: Collection[str],
        resolve: Resolver = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allowed_hosts = allowed_hosts
        self._resolve = resolve
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the interface of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of `host` that takes the connection.

        Raises:
            InvalidRequest: there is no such host, or one of its addresses is not public.
        """
        failure: Exception | None = None
        for address in await self._check_addresses(host, port):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # the interface of httpcore
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no URL leads there."""
        raise InvalidRequest("sockets of this machine are not fetched from", FIELD)

    async def sleep(self, seconds: float) -> None:
        """Do nothing: the client waits so between tries, of which it makes none."""
        await self._network.sleep(seconds)

    async def _check_addresses(self, host: str, port: int) -> Sequence[str]:
        """Return all addresses or none.

        A host with one private address among public ones can't be trusted.
        """
        addresses = await self._resolve(host, port)
        if authority(host, port) in self._allowed_hosts or all(map(is_public, addresses)):
            return addresses
        raise InvalidRequest(
            f"{host} is not on the public network, so nothing is fetched from it; "
            f"who runs this machine can allow it by CALLSHEET_FETCH_ALLOWED_HOSTS={authority(host, port)}",
            FIELD,
        )


def authority(host: str, port: int) -> str:
    """Return host and port as they are written in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
