"""Render profiles: the size, rate and encoding that all clips of one video share.

Clips that share a profile are joined by copying their packets. So this module alone fixes everything that reaches the
H.264 parameter sets or the packet layout.
"""

from enum import StrEnum

from callsheet.model.values import Value


class ProfileName(StrEnum):
    """The profiles a request can name."""

    DRAFT = "draft"
    HD = "hd"
    FULL_HD = "full-hd"
    PORTRAIT = "portrait"
    SQUARE = "square"
    DRAFT_PORTRAIT = "draft-portrait"
    DRAFT_SQUARE = "draft-square"


class RenderProfile(Value):
    """Size in pixels, rate in frames a second, and how frames become H.264."""

    name: ProfileName
    width: int
    height: int
    frame_rate: int
    crf: int = 18
    preset: str = "veryfast"

    @property
    def frame_units(self) -> tuple[float, float]:
        """Return width and height of the frame in Manim's units.

        Its shorter side is always eight units long.
        """
        short = min(self.width, self.height)
        return 8 * self.width / short, 8 * self.height / short

    @property
    def gop_frames(self) -> int:
        """Return the frames from one keyframe to the next.

        This is half a second, as long as the default crossfade.

        A transition encodes its own frames and those up to the next keyframe. With a keyframe every second that is
        twice as many; with two, films grow by some kilobytes a second.
        """
        return max(1, self.frame_rate // 2)

    def encoder_options(self) -> dict[str, str]:
        """Return libx264 options for packets that can be cut and joined at every keyframe.

        No B-frames: decode order is display order, so packet n is frame n. Closed, regular GOPs: no frame refers across
        a keyframe. NAL units are written with their length in front, and the parameter sets as avcC, as MP4 stores
        them: copied and encoded packets then have one form. The x264 banner (an SEI with all options) is left in place.
        """
        gop = str(self.gop_frames)
        return {
            "preset": self.preset,
            "crf": str(self.crf),
            "g": gop,
            "keyint_min": gop,
            "sc_threshold": "0",
            "bf": "0",
            "flags": "+cgop+global_header",
            "x264-params": "annexb=0",
        }


PROFILES: dict[ProfileName, RenderProfile] = {
    profile.name: profile
    for profile in (
        RenderProfile(name=ProfileName.DRAFT, width=854, height=480, frame_rate=15),
        RenderProfile(name=ProfileName.HD, width=1280, height=720, frame_rate=30),
        RenderProfile(name=ProfileName.FULL_HD, width=1920, height=1080, frame_rate=60),
        RenderProfile(name=ProfileName.PORTRAIT, width=1080, height=1920, frame_rate=30),
        RenderProfile(name=ProfileName.SQUARE, width=1080, height=1080, frame_rate=30),
        RenderProfile(name=ProfileName.DRAFT_PORTRAIT, width=480, height=854, frame_rate=15),
        RenderProfile(name=ProfileName.DRAFT_SQUARE, width=480, height=480, frame_rate=15),
    )
}


def draft_of(name: ProfileName) -> ProfileName:
    """Return the draft whose frame has the shape of this profile's."""
    whole = PROFILES[name]
    if whole.width == whole.height:
        return ProfileName.DRAFT_SQUARE
    return ProfileName.DRAFT if whole.width > whole.height else ProfileName.DRAFT_PORTRAIT
