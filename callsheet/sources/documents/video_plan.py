"""Reads plans of videos in YAML or JSON: scenes with what they show and the words that are spoken.

    video: {title: …}                      set: {name: …}                      template: tutorial
    scenes: [{type: list, items: …}]       videos: [{title: …, scenes: […]}]   variables: {title: …, concepts: […]}

Each video and each scene begins with a heading. What a scene shows becomes blocks, in the order of its fields, and its
narration comes last. Fields that are no words, such as voices and durations, are omissions.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import PlaceUnit, SourcePlace
from callsheet.sources.documents.block_list import BlockList, NamesFiles, at
from callsheet.sources.documents.prose_builder import one_line, plain
from callsheet.sources.documents.text_source import text_of_bytes
from callsheet.sources.yaml_tree import Fields, Items, Node, Scalar, read_tree

_TITLES = ("title", "header", "heading", "main_text", "name")
_OWN = frozenset({"video", "videos", "scenes", "set", "variables", "template", "visual_content", "defaults"})
_SETTINGS = frozenset(
    [
        "id",
        "video_id",
        "set_id",
        "scene_id",
        "type",
        "scene_type",
        "voice",
        "voices",
        "language",
        "languages",
        "language_voices",
        "accent_color",
        "version",
        "target_duration",
        "min_duration",
        "max_duration",
        "style",
        "background",
        "transition",
        "layout",
        "source",
        "correct_index",
        "output",
        "naming",
        "processing",
        "metadata",
        "priority",
        "overrides",
        "total_duration",
        "actual_audio_duration",
        "final_duration",
        "audio_file",
        "audio_dir",
        "video_file",
        "final_file",
        "generation_timestamp",
        "warnings",
    ]
)
"""Fields that are no words of the film."""
_LABELS = frozenset({"label", "before_label", "after_label", "attribution", "author"})
"""Fields that stand with another one."""
_OUTPUT = re.compile(r"\s*(?:→|=>|->)\s?")
_BLANK = re.compile(r"\$\{\s*([\w.-]{1,100})\s*(?:\|([^}]*))?\}")
_OF_REQUESTS = frozenset({"template", "prompt", "code", "content"})
"""Fields of a scene in a request of Callsheet."""


_NO_PLAN = "it names no scenes; give a plan of a video with `scenes`, or another document"


def read(source: bytes, blocks: BlockList) -> None:
    """Add what a plan says.

    Raises:
        InvalidRequest: it is no YAML, or no plan, or has blanks without a value.
        NamesFiles: its videos stand in other files.
    """
    _Plan(blocks, _root_of(source)).read()


def _root_of(source: bytes, file: str = "") -> dict[str, Node]:
    tree = read_tree(text_of_bytes(source))
    if tree.faults:
        line, sentence = tree.faults[0]
        raise InvalidRequest(f"{f'{file}, ' if file else ''}line {line} {sentence}")
    if not isinstance(tree.root, Fields):
        raise InvalidRequest(f"{f'{file}: ' if file else ''}{_NO_PLAN}")
    return _fields(tree.root)


def _fields(node: Node | None) -> dict[str, Node]:
    return {key.text: value for key, value in node.fields} if isinstance(node, Fields) else {}


@dataclass
class _Plan:
    blocks: BlockList
    root: Mapping[str, Node]
    variables: Mapping[str, Node] = field(default_factory=dict)

    def read(self) -> None:
        self.variables = _fields(self.root.get("variables"))
        whole = {**self.root, **_fields(self.root.get("set"))}
        videos = whole.get("videos")
        if isinstance(videos, Items):
            self._set(whole, videos)
        elif "scenes" in self.root:
            self._one(1)
        elif self.variables:
            self._variables()
        else:
            raise InvalidRequest(_NO_PLAN)

    def _set(self, whole: Mapping[str, Node], videos: Items) -> None:
        """Add several videos, each as a chapter."""
        files = [self._text(given["file"]) for given in map(_fields, videos.items) if "file" in given]
        if files and not set(files) <= self.blocks.beside.keys():
            raise NamesFiles(*files)
        self.blocks.title = self._text(whole.get("name") or whole.get("title"))
        if description := whole.get("description"):
            self.blocks.paragraph(_place(description), plain(self._text(description)))
        self._omit_settings(whole, "a setting of all videos")
        for video in map(_fields, videos.items):
            file = self._text(video.get("file"))
            given = _root_of(self.blocks.beside[file], file) if file else video
            _Plan(self.blocks, given, _fields(given.get("variables")) or self.variables)._one(1)

    def _one(self, level: int) -> None:
        self._video({**self.root, **_fields(self.root.get("video"))}, level)

    def _video(self, video: Mapping[str, Node], level: int) -> None:
        title = video.get("title") or video.get("name")
        if title:
            self.blocks.heading(_place(title), level, plain(self._text(title)))
        for name, node in video.items():
            if name not in _SETTINGS | _OWN and node is not title:
                self._shown(name, node, video)
        self._omit_settings(video, "a setting of the video")
        scenes = video.get("scenes")
        for scene in scenes.items if isinstance(scenes, Items) else ():
            self._scene(scene, level + 1)

    def _scene(self, scene: Node, level: int) -> None:
        given = _fields(scene)
        if given.keys() & _OF_REQUESTS and not given.keys() & {"type", "scene_type", "narration", "visual_content"}:
            raise InvalidRequest("it is a request for a video; make it with `callsheet create`")
        shown = {**given, **_fields(given.get("visual_content"))}
        title = next((shown[name] for name in _TITLES if isinstance(shown.get(name), Scalar)), None)
        if title:
            self.blocks.heading(_place(title), level, plain(self._text(title)))
        for name, node in shown.items():
            if name not in _SETTINGS | _LABELS | _OWN | {"narration"} and node is not title:
                self._shown(name, node, shown)
        if narration := shown.get("narration"):
            self.blocks.narration(_place(narration), plain(self._text(narration)))
        self._omit_settings(shown, "a setting of a scene")

    def _shown(self, name: str, node: Node, beside: Mapping[str, Node]) -> None:
        """Add one field, as the kind of block that its name and its value tell. `beside` are the fields beside it."""
        node = self._filled(node)
        if isinstance(node, Scalar):
            self._text_shown(name, node, beside)
        elif isinstance(node, Fields):
            inner = _fields(node)
            for inner_name, value in inner.items():
                if inner_name not in _SETTINGS | _LABELS:
                    self._shown(inner_name, value, inner)
        elif name.endswith("commands"):
            self.blocks.code(_place(node), "console", "\n".join(map(self._typed, node.items)))
        else:
            points = [": ".join(filter(None, self._words(each))) for each in node.items]
            items = [self.blocks.item(plain(text), 0) for text in points]
            self.blocks.list_of(_place(node), items, is_ordered=name == "steps" or name.endswith("_steps"))

    def _text_shown(self, name: str, node: Scalar, beside: Mapping[str, Node]) -> None:
        text = self._text(node)
        if name == "code" or name.endswith("_code"):
            label = self._text(beside.get(f"{name.removesuffix('code')}label"))
            self.blocks.code(_place(node), "", text, plain(label))
        elif name in {"quote", "quote_text"}:
            by_whom = beside.get("attribution") or beside.get("author")
            self.blocks.quote(_place(node), plain(text), self._text(by_whom))
        elif name.endswith("narration"):
            self.blocks.narration(_place(node), plain(text))
        else:
            self.blocks.paragraph(_place(node), plain(text))

    def _words(self, node: Node) -> Iterator[str]:
        """Yield the texts of a point: a text, a pair, or a title with what is said of it."""
        node = self._filled(node)
        if isinstance(node, Scalar):
            yield self._text(node)
        for inner in node.items if isinstance(node, Items) else ():
            yield from self._words(inner)
        for name, inner in node.fields if isinstance(node, Fields) else ():
            if name.text not in _SETTINGS:
                yield from self._words(inner)

    def _typed(self, node: Node) -> str:
        """Return a command behind a prompt, or a line that it prints."""
        text = ": ".join(self._words(node))
        if output := _OUTPUT.match(text):
            return text[output.end() :]
        return text if text.startswith(("$ ", "# ")) else f"$ {text}"

    def _variables(self) -> None:
        """Add the values for a template of another program: each list under its name."""
        self.blocks.title = self._text(self.variables.get("title"))
        for name, node in self.variables.items():
            if isinstance(node, Items):
                self.blocks.heading(_place(node), 2, plain(name.replace("_", " ").capitalize()))
            if name == "title":
                self.blocks.heading(_place(node), 1, plain(self._text(node)))
            elif name not in _SETTINGS:
                self._shown(name, node, self.variables)
        self._omit_settings(self.root, "a setting of the video")
        scenes = self.root.get("scenes")
        for scene in scenes.items if isinstance(scenes, Items) else ():
            self._scene(scene, 2)

    def _omit_settings(self, given: Mapping[str, Node], what: str) -> None:
        for name, node in given.items():
            if name in _SETTINGS - {"type", "scene_type"}:
                self.blocks.omit(_place(node), what, f"{name}: {', '.join(self._words(node))}")

    def _filled(self, node: Node) -> Node:
        """Return the value of a blank that is the whole text, which may be a list."""
        blank = _BLANK.fullmatch(node.text.strip()) if isinstance(node, Scalar) else None
        return self.variables.get(blank[1], node) if blank else node

    def _text(self, node: Node | None) -> str:
        """Return a text with its blanks filled."""

        def value(blank: re.Match[str]) -> str:
            given = self.variables.get(blank[1])
            if isinstance(given, Scalar):
                return given.text
            if blank[2] is not None:
                return blank[2]
            line = node.line if node else 1
            raise InvalidRequest(f"line {line}: “{one_line(blank[0])}” has no value; write it under `variables`")

        return _BLANK.sub(value, node.text).strip("\n") if isinstance(node, Scalar) else ""


def _place(node: Node) -> SourcePlace:
    return at(PlaceUnit.LINE, node.line)
