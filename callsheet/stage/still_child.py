"""The still child: it composes the content of templates behind the fence, and draws how the scene ends.

It plays nothing and runs no scene code: content and look are data for a template. It imports Manim and all templates
once, so that a picture takes a fraction of a second.
"""

import base64
import io
import json
import traceback
from typing import Any, BinaryIO, cast

from manim import Camera, tempconfig
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.fence.protocol import Outbox
from callsheet.formulas import UnsettableError
from callsheet.model.content import CONTENT_MODELS, content_model
from callsheet.sources.picture_files import MAX_PIXELS
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.kit.ground import ground_of
from callsheet.stage.order import StillOrder
from callsheet.stage.templates import has_scene_class, scene_class

JPEG_QUALITY = 90

for _template in filter(has_scene_class, CONTENT_MODELS):
    scene_class(_template)


def serve(order: dict[str, Any], lines: BinaryIO, outbox: Outbox) -> int:
    """Draw one picture for each line, a StillOrder; stop when there are no more, or after as many as `order` says."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    for _ in range(order["pictures"]):
        line = lines.readline()
        if not line:
            break
        outbox.say(**_answer(StillOrder.model_validate(json.loads(line))))
    return 0


def _answer(order: StillOrder) -> dict[str, Any]:
    """Return the picture, or why there is none, as an event."""
    try:
        return {"event": "drawn", "picture": base64.b64encode(_drawn(order)).decode()}
    except InvalidRequest as problem:
        return {"event": "refused", "sentence": problem.args[0], "field": problem.field}
    except UnsettableError as problem:
        return {"event": "refused", "sentence": f"a formula can't be set: {problem}", "field": "content"}
    except Exception:
        traceback.print_exc()
        return {"event": "failed"}


def _drawn(order: StillOrder) -> bytes:
    """Return the end of the scene as JPEG: the last page, with all that stands on it."""
    content = content_model(order.template).model_validate(order.content)
    profile = order.profile
    kit = Kit(order.look, frame_for(profile))
    pages = scene_class(order.template).compose(content, kit)
    size = {"pixel_width": profile.width, "pixel_height": profile.height}
    with tempconfig({**size, "frame_width": kit.frame.width, "frame_height": kit.frame.height}):
        camera = Camera()
        camera.background = cast("Any", ground_of(order.look, profile.width, profile.height))
        camera.reset()
        camera.capture_mobjects(pages[-1].standing)
        picture = io.BytesIO()
        Image.fromarray(camera.pixel_array).convert("RGB").save(picture, "JPEG", quality=JPEG_QUALITY, subsampling=0)
        return picture.getvalue()
