"""Ports on the loopback interface."""

import socket
from contextlib import ExitStack, suppress

from callsheet.errors import SetupIncomplete

LOOPBACK = "127.0.0.1"
PORTS_TRIED = 50


def free_port(preferred: int) -> int:
    """Return `preferred`, or the next port above it that is free now.

    Raises:
        SetupIncomplete: all of the next ports are in use.
    """
    with ExitStack() as moment:
        return reserve_port(preferred, moment)


def reserve_port(preferred: int, until: ExitStack) -> int:
    """Return a port as `free_port` does, and reserve it until `until` ends.

    A new server needs seconds until it listens. Without the reservation, two servers that start at the same time on one
    machine could choose the same port. One of them would then take the other's answers for its own server's.
    """
    ports = range(preferred, min(preferred + PORTS_TRIED, 65_536))
    for port in ports:
        mark = socket.socket(socket.AF_UNIX)
        with suppress(OSError):
            # A name in the abstract namespace (unix(7)): it belongs to the network, as the port does. The kernel frees
            # it when its process ends in any way.
            mark.bind(f"\0callsheet-port-{port}")
            if is_free(port):
                until.enter_context(mark)
                return port
        mark.close()
    raise SetupIncomplete(
        f"Ports {ports[0]} to {ports[-1]} are in use; change CALLSHEET_PREFECT_PORT or CALLSHEET_MEDIA_PORT.",
        missing=str(preferred),
    )


def is_free(port: int) -> bool:
    """Return whether a server could listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: a closed connection does not block
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
