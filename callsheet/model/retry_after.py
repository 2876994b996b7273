"""How long another server wants us to wait: its header Retry-After, in either of its two forms."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after_s(header: str) -> float | None:
    """Seconds from now, from a number or a date (RFC 9110, section 10.2.3); None where the header says neither."""
    text = header.strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
