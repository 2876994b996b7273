"""When words are heard: times of spoken words by their share of letters, and times of written words by the map."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from callsheet.model.film.narration import SpeakableText, WordTime
from callsheet.speech.provider import SpokenWord
from callsheet.speech.text_map import word_places

# In letters: each word costs something beside its letters, and a voice rests at signs.
_WORD, _COMMA, _STOP = 1.5, 3.0, 6.0
_STOPS, _COMMAS = ".!?…。！？", ",;:—–，；：、"


def weight_of(text: str) -> float:
    """Return how long speakable text takes without its pauses, in letters."""
    return sum(_WORD + end - start for start, end in word_places(text))


def estimated_words(text: str, start_s: float, end_s: float, offset: int = 0) -> tuple[SpokenWord, ...]:
    """Return the words of a stretch of speakable text, each as long as its share. `offset` is added to their places."""
    places = word_places(text)
    weights = [_WORD + end - start for start, end in places]
    rests = [_rest(text[start:end]) for start, end in places[:-1]] + [0.0] * bool(places)
    whole = sum(weights) + sum(rests) or 1.0
    share_s = (end_s - start_s) / whole
    starts = accumulate((weight + rest for weight, rest in zip(weights, rests, strict=True)), initial=0.0)
    return tuple(
        SpokenWord(offset + start, offset + end, start_s + before * share_s, start_s + (before + weight) * share_s)
        for (start, end), before, weight in zip(places, starts, weights, strict=False)
    )


def written_times(text: SpeakableText, words: Sequence[SpokenWord], length_s: float) -> tuple[WordTime, ...]:
    """Return when each written word is heard: none begins before the one before it has ended, all end in `length_s`."""
    last_s = 0.0
    times = []
    for start, end, start_s, end_s in _times_of_passages(text, words):
        first = min(max(start_s, last_s), length_s)
        last_s = min(max(end_s, first), length_s)
        times.append(
            WordTime(
                text=text.written[start:end],
                begins_at=start,
                ends_at=end,
                start_s=first,
                end_s=last_s,
            )
        )
    return tuple(times)


def _times_of_passages(text: SpeakableText, words: Sequence[SpokenWord]) -> Iterator[tuple[int, int, float, float]]:
    """Return place and time of each written word; several that are said together share their time by letters."""
    for passage in text.passages:
        spoken_start, spoken_end = passage.spoken
        heard = [word for word in words if word.begins_at < spoken_end and word.ends_at > spoken_start]
        start, end = passage.written
        places = word_places(text.written[start:end]) or [(0, end - start)]
        if not heard:
            continue
        weights = [place[1] - place[0] for place in places]
        first_s, last_s = heard[0].start_s, heard[-1].end_s
        bounds = [first_s + (last_s - first_s) * part / sum(weights) for part in accumulate(weights, initial=0)]
        for (word_start, word_end), (start_s, end_s) in zip(places, pairwise(bounds), strict=True):
            yield start + word_start, start + word_end, start_s, end_s


def _rest(word: str) -> float:
    last = word.rstrip("\"”’')»")[-1:]
    return _STOP if last in _STOPS and last else _COMMA if last in _COMMAS and last else 0.0
