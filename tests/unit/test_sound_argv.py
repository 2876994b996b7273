"""The mixing of sound, as the text that ffmpeg is given."""

from pathlib import Path

from callsheet.media.sound import sound_argv
from callsheet.model.film.timeline import MergeOptions, TransitionName, plan_timeline
from tests.synthetic import plain_clip


def argv_for(transition: TransitionName, *sounds: bool) -> list[str]:
    """The argv for clips of one second, with or without sound."""
    clips = tuple(plain_clip(30).model_copy(update={"has_audio": sound}) for sound in sounds)
    timeline = plan_timeline(clips, MergeOptions(transition=transition, transition_s=0.2))
    paths = [Path(f"/media/{number}.mp4") for number in range(len(clips))]
    return sound_argv(timeline, paths, Path("/media/-pictures.mp4"), Path("/media/out.mp4"))


def test_overlaps_are_crossfaded_by_samples() -> None:
    """Six frames at 30 a second are 9600 samples; each clip is cut to its exact length first."""
    graph = " ".join(argv_for(TransitionName.FADE, True, True))
    assert "acrossfade=curve1=qsin:curve2=qsin:nb_samples=9600" in graph
    assert graph.count("apad=whole_len=48000") == graph.count("atrim=end_sample=48000") == 2


def test_hard_cuts_are_laid_end_to_end() -> None:
    """Without a transition nothing is faded."""
    graph = " ".join(argv_for(TransitionName.NONE, True, True))
    assert "concat=a=1:n=2:v=0" in graph
    assert "acrossfade" not in graph


def test_a_clip_without_sound_is_silent() -> None:
    """Its place is filled with silence, and its file is not even opened."""
    argv = argv_for(TransitionName.FADE, True, False, False)
    assert [part for part in argv if part.startswith("anullsrc")] == [
        "anullsrc@1=r=48000:cl=stereo",
        "anullsrc@2=r=48000:cl=stereo",
    ]
    assert "file:/media/1.mp4" not in argv


def test_pictures_are_copied_and_names_are_never_options() -> None:
    """Video packets go through untouched; each file is a file: URL, whatever its name begins with."""
    argv = argv_for(TransitionName.FADE, True, True)
    assert argv[argv.index("-vcodec") + 1] == "copy"
    assert "file:/media/-pictures.mp4" in argv
    assert "-nostdin" in argv
