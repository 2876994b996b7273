"""`python -m callsheet.gateway FOLDER PORT`: serve stored media on the loopback interface."""

import sys
from pathlib import Path

import uvicorn

from callsheet.gateway.app import media_app


def main() -> None:
    """Serve until SIGTERM."""
    folder, port = sys.argv[1:]
    uvicorn.run(media_app(Path(folder)), host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
