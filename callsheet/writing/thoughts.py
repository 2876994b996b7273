"""The thoughts of a model among the words of its answer, separated from them."""

from __future__ import annotations

import re

_NAMES = r"(?:think|thinking|thought|thoughts|reasoning|seed:think|mm:think)"
_OPEN = rf"(?:<{_NAMES}>|\[THINK\]|◁think▷|<\|begin_of_thought\|>)"
_CLOSE = rf"(?:</{_NAMES}>|\[/THINK\]|◁/think▷|<\|end_of_thought\|>)"
_BEGINNING = re.compile(rf"^[ \t]*+{_OPEN}", re.MULTILINE | re.IGNORECASE)
_CLOSER = re.compile(rf"{_CLOSE}", re.IGNORECASE)
_OPENER = re.compile(rf"\s*{_OPEN}", re.IGNORECASE)
# OpenAI's harmony format: <|start|>assistant<|channel|>final<|message|>…<|return|>; some servers lose its ends.
_CHANNEL = re.compile(r"(?:<\|start\|>\w*)?<\|channel\|>(\w+)[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>")
_MARK = re.compile(r"<\|(?:end|return|start|call|message)\|>(?:assistant)?")


def split_thoughts(text: str) -> tuple[str, str]:
    """Return words and thoughts of an answer.

    Thoughts that never end leave no words. An end without a beginning ends them.
    """
    channels = list(_CHANNEL.finditer(text))
    if channels:
        return _split_channels(text, channels)
    text, thoughts = _without_pairs(text)
    for closer in [*_CLOSER.finditer(text)][-1:]:
        start = closer.start()
        before = text[text.rfind("\n", 0, start) + 1 : start]
        # Code that shows the tag has it in quotes or in a remark.
        is_quoted = before.count('"') % 2 == 1 or before.count("'") % 2 == 1
        if not is_quoted and not re.match(r"(?:[ \t]+|.*[)\w] +)#", before):
            thoughts.insert(0, text[:start])
            text = text[closer.end() :]
    opener = _OPENER.match(text)
    if opener:
        thoughts.append(text[opener.end() :])
        text = ""
    return (text.lstrip("\n") if thoughts else text), "\n".join(each.strip() for each in thoughts if each.strip())


def _without_pairs(text: str) -> tuple[str, list[str]]:
    """Return the text without complete thoughts at the beginnings of lines, and these thoughts."""
    words, thoughts, end = list[str](), list[str](), 0
    while beginning := _BEGINNING.search(text, end):
        closer = _CLOSER.search(text, beginning.end())
        if closer is None:
            break
        words.append(text[end : beginning.start()])
        thoughts.append(text[beginning.end() : closer.start()])
        end = closer.end()
    return "".join([*words, text[end:]]), thoughts


def _split_channels(text: str, channels: list[re.Match[str]]) -> tuple[str, str]:
    ends = [*(channel.start() for channel in channels[1:]), len(text)]
    parts = [(channel[1], text[channel.end() : end]) for channel, end in zip(channels, ends, strict=True)]
    words = [_MARK.sub("", part) for name, part in parts if name.lower() == "final"]
    thoughts = [_MARK.sub("", part).strip() for name, part in parts if name.lower() != "final"]
    return "".join(words), "\n".join(filter(None, thoughts))
