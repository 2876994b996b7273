"""`python -m callsheet.gateway PORT [HOST]`: serve stored media and the HTTP API, by default on loopback."""

import sys

from callsheet.gateway.door import serve
from callsheet.settings import settings

LOOPBACK = "127.0.0.1"


def main() -> None:
    """Serve until SIGTERM."""
    port, *host = sys.argv[1:]
    serve(settings(), host[0] if host else LOOPBACK, int(port))


if __name__ == "__main__":
    main()
