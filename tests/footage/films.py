"""Short requests for videos of pictures, and the settings under which a process finds a provider that is paid."""

from callsheet.model.requests.pictures import ImagePairsRequest, ImageVideoRequest
from tests.fakes.replicate_server import TOKEN


def environment_of(server):
    """Settings under which a process finds this provider."""
    return {
        "CALLSHEET_FOOTAGE_PROVIDER": "replicate",
        "CALLSHEET_REPLICATE_URL": server.url,
        "CALLSHEET_REPLICATE_TOKEN": TOKEN,
        "CALLSHEET_FETCH_ALLOWED_HOSTS": f"127.0.0.1:{server.port}",
        "CALLSHEET_FOOTAGE_POLL_S": "0.1",
    }


def moving(title, picture, **fields):
    """A request for a second of moving picture."""
    given = {"title": title, "picture": picture, "profile": "draft", "duration_s": 1, **fields}
    return ImageVideoRequest.model_validate(given)


def storyboard(title, pairs, **fields):
    """A request for a second from picture to picture, for each pair."""
    scenes = [
        {"name": f"{title} {number}", "first": first, "last": last} for number, (first, last) in enumerate(pairs, 1)
    ]
    given = {"title": title, "scenes": scenes, "profile": "draft", "duration_s": 1, **fields}
    return ImagePairsRequest.model_validate(given)
