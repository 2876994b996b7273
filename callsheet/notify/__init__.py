"""Events for other programs: signed webhooks, and how a receiver checks them.

    event = verify(request.headers, request.body, secret)

The signatures follow the published Standard Webhooks, so a receiver may also use one of its libraries. Our functions
are a few lines over the standard library: a receiver needs nothing else, and the keys of the sender stay in one file.
"""

from callsheet.notify.signing import new_secret, verify

__all__ = ["new_secret", "verify"]
