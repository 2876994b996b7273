"""The join of six clips with crossfades: by copying packets, against one ffmpeg `xfade` that encodes all again.

    python -m benchmarks.merge

Both use the same x264 settings (veryfast, CRF 18, no B-frames, two keyframes a second) and all cores, in one run: join,
xfade, join; the two joins are averaged. The join is timed inside a separate process, because a worker has already
imported everything; ffmpeg's start-up takes about 0.1 s of its minutes.
"""

import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from callsheet.encoder import ENCODER_THREADS, add_video_stream, encode_repeated, frame_from_rgba, open_output
from callsheet.media.join import join_clips
from callsheet.media.probe import probe_clip
from callsheet.media.segments import CopiedSegment, plan_segments
from callsheet.model.film.media import Clip, StoredObject
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.timeline import MergeOptions, Timeline, TransitionName, plan_timeline

PROFILE = PROFILES[ProfileName.FULL_HD]
CLIPS = 6
CLIP_S = 20
LOOP_S = 4  # that much is encoded for each clip, and repeated: making the input must not take longer than the test
CROSSFADE_S = 0.5


def main() -> None:
    """Make the clips, measure, print a table and one JSON object; nothing is left behind."""
    with tempfile.TemporaryDirectory(prefix="callsheet-bench-merge-") as folder:
        clips = [_make_clip(Path(folder), number) for number in range(CLIPS)]
        _measure(clips, Path(folder))


def _measure(clips: list[Path], folder: Path) -> None:
    timeline = _timeline(clips)
    joined, encoded = folder / "joined.mp4", folder / "xfade.mp4"
    first = _join_in_child(joined)
    xfade_s = _timed(_xfade_argv(timeline, clips, encoded))
    second = _join_in_child(joined)
    join_s = (first["seconds"] + second["seconds"]) / 2
    hashes = _frame_hashes(joined)
    result = {
        "ratio_vs_xfade": round(xfade_s / join_s, 1),
        "untouched_frames_identical": _is_untouched(timeline, clips, hashes),
        "frames_expected": timeline.frames,
        "frames_got": len(hashes),
        "peak_rss_mb": max(first["peak_rss_mb"], second["peak_rss_mb"]),
        "join_s": round(join_s, 2),
        "xfade_s": round(xfade_s, 2),
    }
    _print_table(result, second, joined, encoded)
    print(json.dumps(result))


def _print_table(result: dict[str, float], join: dict[str, float], joined: Path, encoded: Path) -> None:
    print(f"{CLIPS} clips of {CLIP_S} s, 1080p60, {CROSSFADE_S} s crossfades; libx264 veryfast CRF 18 on both sides")
    print(f"{'':24}{'seconds':>10}{'frames encoded':>18}{'MB':>8}")
    rows = [
        ("join (packets copied)", result["join_s"], join["encoded_frames"], joined),
        ("ffmpeg xfade (all)", result["xfade_s"], result["frames_expected"], encoded),
    ]
    for name, seconds, frames, path in rows:
        print(f"{name:24}{seconds:>10.2f}{frames:>18}{path.stat().st_size / 1e6:>8.1f}")
    print(f"{result['ratio_vs_xfade']} times faster; peak memory of the join {result['peak_rss_mb']} MB")


def _clips_in(folder: Path) -> list[Path]:
    return [folder / f"clip-{number}.mp4" for number in range(CLIPS)]


def _make_clip(folder: Path, number: int) -> Path:
    loop, path = folder / "loop.mp4", _clips_in(folder)[number]
    with open_output(str(loop)) as container:
        stream = add_video_stream(container, PROFILE, ENCODER_THREADS)
        for frame in range(LOOP_S * PROFILE.frame_rate):
            encode_repeated(container, stream, frame_from_rgba(_picture(number, frame), PROFILE), frame, 1)
        container.mux(stream.encode(None))
    repeats = CLIP_S // LOOP_S
    timeline = plan_timeline((_clip(loop),) * repeats, MergeOptions(transition=TransitionName.NONE))
    join_clips(timeline, [loop] * repeats, path, PROFILE)
    return path


def _picture(number: int, frame: int) -> np.ndarray:
    """Return RGBA pixels of a drawn scene that never rests.

    It has a sliding grid, discs on orbits, and bars that grow and shrink.
    """
    picture = Image.new("RGBA", (PROFILE.width, PROFILE.height), (14, 20 + 6 * number, 44, 255))
    draw = ImageDraw.Draw(picture)
    turn = 2 * math.pi * frame / (LOOP_S * PROFILE.frame_rate)
    for across in range(-120 + 2 * frame % 120, PROFILE.width, 120):
        draw.line((across, 0, across, PROFILE.height), (40, 52, 84), 2)
    for disc in range(8):
        angle = turn * (1 + disc % 3) + disc + number
        x, y = 960 + (150 + 80 * disc) * math.cos(angle), 540 + (60 + 50 * disc) * math.sin(angle)
        draw.circle((x, y), 34 + 6 * disc, ((90 + 50 * number) % 256, (60 + 37 * disc) % 256, 220))
    for bar in range(12):
        height = 120 + 90 * math.sin(2 * turn + bar)
        draw.rectangle((240 + 120 * bar, 1040 - height, 320 + 120 * bar, 1040), (238, 180, 40 + 15 * bar))
    return np.asarray(picture)


def _clip(path: Path) -> Clip:
    stored = StoredObject(key=path.name, sha256="", size_bytes=path.stat().st_size, media_type="video/mp4")
    return Clip(stored=stored, **probe_clip(path, PROFILE))


def _timeline(clips: list[Path]) -> Timeline:
    crossfades = MergeOptions(transition=TransitionName.FADE, transition_s=CROSSFADE_S)
    return plan_timeline(tuple(map(_clip, clips)), crossfades)


def _join_in_child(out: Path) -> dict[str, float]:
    argv = [sys.executable, "-m", "benchmarks.merge", "--join", str(out)]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _join(out: Path) -> None:
    """Join once, in the child, beside the clips, and print what it took."""
    clips = _clips_in(out.parent)
    timeline = _timeline(clips)
    started = time.perf_counter()
    report = join_clips(timeline, clips, out, PROFILE)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak_rss_mb": _peak_rss_mb(), "encoded_frames": report.encoded_frames}))


def _peak_rss_mb() -> int:
    """Return VmHWM of this process; getrusage would also count the parent's memory before exec."""
    status = Path("/proc/self/status").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024)


def _timed(argv: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(argv, check=True)
    return time.perf_counter() - started


def _xfade_argv(timeline: Timeline, clips: list[Path], out: Path) -> list[str]:
    inputs = [part for clip in clips for part in ("-i", str(clip))]
    chain, last = [], "[0:v]"
    for number, shot in enumerate(timeline.shots[1:], start=1):
        offset_s = shot.start_frame / PROFILE.frame_rate
        chain.append(f"{last}[{number}:v]xfade=transition=fade:duration={CROSSFADE_S}:offset={offset_s}[v{number}]")
        last = f"[v{number}]"
    gop = str(PROFILE.gop_frames)
    encoder = ["-c:v", "libx264", "-preset", PROFILE.preset, "-crf", str(PROFILE.crf), "-pix_fmt", "yuv420p"]
    encoder += ["-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-bf", "0", "-flags", "+cgop"]
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, "-filter_complex", ";".join(chain), "-map", last]
    return [*argv, *encoder, "-movflags", "+faststart", str(out)]


def _is_untouched(timeline: Timeline, clips: list[Path], film: list[str]) -> bool:
    """Return whether every copied frame of the film decodes to the very pixels of its clip."""
    frames = [_frame_hashes(clip) for clip in clips]
    copied = [s for s in plan_segments(timeline, PROFILE.gop_frames) if isinstance(s, CopiedSegment)]
    return all(
        film[segment.start_frame : segment.start_frame + segment.frames]
        == frames[segment.take.shot][segment.take.first_frame : segment.take.end_frame]
        for segment in copied
    )


def _frame_hashes(path: Path) -> list[str]:
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-map", "0:v", "-fps_mode", "passthrough"]
    done = subprocess.run([*argv, "-f", "framemd5", "-"], check=True, capture_output=True, text=True)
    return [line.rsplit(",", 1)[1].strip() for line in done.stdout.splitlines() if not line.startswith("#")]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--join"]:
        _join(Path(sys.argv[2]))
    else:
        main()
