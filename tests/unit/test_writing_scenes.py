"""Scene code is asked for, found in the answer, and repaired with just what the repair needs."""

import json
import textwrap

import pytest

from callsheet.errors import ContextTooSmall, NothingWritten
from callsheet.model.film.look import FontName, Look
from callsheet.model.film.media import StoredObject
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import Finding, Origin, OriginKind, SceneCode, SceneFile
from callsheet.model.run.attempts import Feedback
from callsheet.model.run.writing import SceneWriting, StageFacts
from callsheet.writing.scene_writer import (
    LINES_AROUND,
    LOG_CHARACTERS,
    excerpt,
    fitting_names,
    repair_scene,
    scene_rules,
    short_scene_rules,
    write_scene,
)
from callsheet.writing.writer import Writer
from tests.fakes.chat_server import BROKEN_NAME_SCENE, BROKEN_SYNTAX_SCENE, GOOD_SCENE, ChatServer, Reply, error

COLOURS = {"background": "#0c1222", "text": "#eef2fb", "muted": "#a4b0cc", "accent": "#74aaff", "good": "#74d68f"}
MATHEMATICS = {"latex": {"has_latex": True}, "typst": {}}


def writing(profile=ProfileName.HD, stage=None, **more):
    """One scene to write."""
    facts = {"manim_version": "0.22.0", "has_latex": False, "names": ("Circle", "Create")}
    return SceneWriting(
        name="A circle",
        prompt="A circle becomes a square.",
        profile=PROFILES[profile],
        colours=COLOURS,
        stage=StageFacts.model_validate(facts | (stage or {})),
        **{"look": Look(), **more},
    )


def code(source=BROKEN_NAME_SCENE, **more):
    """Code of that scene, as a model wrote it."""
    origin = Origin(kind=OriginKind.MODEL, maker="test-writer")
    return SceneCode(scene_name="A circle", class_name="", source=source, origin=origin, **more)


def line_of(source, words):
    """Number of the line that holds these words."""
    return next(number for number, line in enumerate(source.split("\n"), 1) if words in line)


async def repair_question(source, trouble, **more):
    """What the server was asked for this repair."""
    with ChatServer("good") as server:
        await repair_scene(writing(**more), code(source), trouble, Writer("test-writer", server.base_url), attempt=2)
        [asked] = server.asked
    return asked.question


async def test_a_brief_becomes_scene_code():
    """With the model as its maker, and the call with what it cost."""
    with ChatServer("good") as server:
        draft = await write_scene(writing(), Writer("test-writer", server.base_url))
    assert draft.code.source == GOOD_SCENE
    assert (draft.code.scene_name, draft.code.class_name) == ("A circle", "")
    assert draft.code.origin == Origin(kind=OriginKind.MODEL, maker="test-writer")
    assert draft.call.purpose == "scene code, attempt 1"
    assert draft.call.input_tokens > 1000 > draft.call.output_tokens > 0


async def test_an_answer_without_code_says_so_and_what_it_cost():
    """It is an attempt, and may be counted as one."""
    with ChatServer("no-code") as server, pytest.raises(NothingWritten, match="no Python code") as raised:
        await write_scene(writing(), Writer("test-writer", server.base_url))
    assert raised.value.answer == "I am sorry, but I can't draw."
    assert raised.value.call.output_tokens > 0


async def test_the_brief_is_asked_in_the_users_own_words():
    """Name, prompt, context and length; what is not given is not mentioned."""
    with ChatServer("good") as server:
        writer = Writer("test-writer", server.base_url)
        await write_scene(writing(context="For children.", duration_s=12.5), writer)
        await write_scene(writing(), writer)
        full, bare = (asked.question for asked in server.asked)
    assert all(words in full for words in ("“A circle”", "A circle becomes a square.", "For children.", "12.5 seconds"))
    assert "surrounds" not in bare
    assert "lie beside" not in bare
    assert "None" not in bare


async def test_the_files_of_a_scene_are_named_to_its_writer():
    """By the names under which the code finds them, in the question and not in the rules that scenes share."""
    with ChatServer("good") as server:
        given = writing(files=("logo.png", "own.ttf"))
        await write_scene(given, Writer("test-writer", server.base_url))
        [asked] = server.asked
    assert "logo.png, own.ttf" in asked.question
    assert scene_rules(given) == scene_rules(writing())


def test_the_rules_are_the_same_for_every_scene_of_a_video():
    """Services charge less for a beginning that they have seen."""
    assert scene_rules(writing(context="a", duration_s=5)) == scene_rules(writing(context="b"))


@pytest.mark.parametrize("stage", MATHEMATICS.values(), ids=MATHEMATICS)
@pytest.mark.parametrize("font", FontName)
@pytest.mark.parametrize("profile", ProfileName)
def test_the_rules_are_filled_for_every_profile_font_and_kind_of_mathematics(profile, font, stage):
    """No place is left open, and no paragraph is empty."""
    rules = scene_rules(writing(profile, stage, look=Look(font=font)))
    assert "<<" not in rules
    assert "\n\n\n\n" not in rules
    assert font.family in rules


def test_the_rules_say_what_the_stage_offers():
    """The frame of the profile, the version, the names, and packages of LaTeX only where it is installed."""
    wide, tall = scene_rules(writing()), scene_rules(writing(ProfileName.PORTRAIT, {"has_latex": True}))
    assert "14.22 units wide and 8 high" in wide
    assert "8 units wide and 14.22 high" in tall
    assert "Manim Community 0.22.0" in wide
    assert "Circle, Create" in wide
    assert "the commands of amsmath and amssymb alone" in wide
    assert "LaTeX is installed" in tall
    assert '"#74d68f" (good)' in wide


def test_names_are_left_out_where_there_is_no_catalogue():
    """No heading without a list."""
    assert "# Names" not in scene_rules(writing(stage={"names": ()}))


async def test_a_repair_sends_the_finding_its_lines_and_the_source_once():
    """With the line marked, in its function."""
    line = line_of(BROKEN_NAME_SCENE, "DrawSlowly")
    trouble = Feedback(findings=(Finding(line=line, message="there is no DrawSlowly; use Create"),))
    question = await repair_question(BROKEN_NAME_SCENE, trouble)
    assert question.count(f"- line {line}: there is no DrawSlowly; use Create") == 1
    assert question.count(BROKEN_NAME_SCENE.strip()) == 1
    assert f">   {line}         self.play(DrawSlowly(circle))" in question
    assert "A circle becomes a square." in question
    assert "log" not in question


async def test_a_finding_is_sent_once_however_often_it_was_found():
    """A rehearsal may meet it at every animation."""
    finding = Finding(line=7, message="“Hello” is off the frame")
    question = await repair_question(GOOD_SCENE, Feedback(findings=(finding,) * 30))
    assert question.count("off the frame") == 1


async def test_only_the_end_of_a_log_is_sent():
    """The error stands there; what was printed before is noise."""
    trouble = Feedback(findings=(Finding(line=0, message="ended"),), log_tail="noise\n" * 5000 + "NameError: x")
    question = await repair_question(GOOD_SCENE, trouble)
    assert "NameError: x" in question
    assert question.count("noise") <= LOG_CHARACTERS / len("noise\n")


async def test_a_flood_of_findings_is_bounded():
    """The first twenty, each cut to some hundred characters: a repair costs little, whatever came out."""
    findings = tuple(Finding(line=number, message=f"finding {number} " + "x" * 5000) for number in range(1, 90))
    question = await repair_question(GOOD_SCENE, Feedback(findings=findings))
    assert "finding 20 " in question
    assert "finding 21 " not in question
    assert len(question) < 16_000


async def test_findings_for_source_that_does_not_parse_show_the_lines_around():
    """There are no functions to find."""
    line = line_of(BROKEN_SYNTAX_SCENE, "Create(circle)")
    question = await repair_question(
        BROKEN_SYNTAX_SCENE, Feedback(findings=(Finding(line=line, message="'(' was never closed"),))
    )
    assert f">   {line} " in question


async def test_a_repair_keeps_the_files_beside_the_code():
    """The new code opens the same pictures by the same names."""
    picture = SceneFile(
        name="cat.png", stored=StoredObject(key="k", sha256="0" * 64, size_bytes=1, media_type="image/png")
    )
    with ChatServer("good") as server:
        trouble = Feedback(findings=(Finding(line=1, message="wrong"),))
        broken = code(files=(picture,))
        draft = await repair_scene(writing(), broken, trouble, Writer("test-writer", server.base_url), attempt=3)
    assert draft.code.files == (picture,)
    assert draft.call.purpose == "scene code, attempt 3"


def test_an_excerpt_stays_in_the_function_that_failed():
    """Other functions are in the source that goes along; here they would only distract."""
    source = "def one():\n    a = 1\n\n\ndef two():\n    b = 2\n    c = 3\n\n\ndef three():\n    d = 4\n"
    shown = excerpt(source, [6])
    assert "b = 2" in shown
    assert "c = 3" in shown
    assert "a = 1" not in shown
    assert "d = 4" not in shown


def test_an_excerpt_of_a_long_function_is_short():
    """Its first line, and those around the failure."""
    source = "def long():\n" + "".join(f"    x{number} = {number}\n" for number in range(2, 400))
    shown = excerpt(source, [200]).split("\n")
    assert shown[0].strip() == "1 def long():"
    assert [line for line in shown if line.startswith(">")] == ["> 200     x200 = 200"]
    assert len(shown) == 1 + 1 + 2 * LINES_AROUND + 1


@pytest.mark.parametrize("lines", [[], [0], [999], [-3]])
def test_a_line_that_is_not_there_shows_nothing(lines):
    """Findings about the whole have line 0; a log may speak of lines of another file."""
    assert excerpt(GOOD_SCENE, lines) == ""


OVERFLOW = error(400, "request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it")


@pytest.mark.parametrize("profile", ProfileName)
@pytest.mark.parametrize("stage", MATHEMATICS.values(), ids=MATHEMATICS)
def test_the_short_rules_fit_into_a_window_of_4096_tokens(profile, stage):
    """With 2,000 tokens left for the answer; a token has three characters at least."""
    names = tuple(f"Circle{letter * 9}" for letter in "abcdefghijklmnopqrstuvwxyz")
    rules = short_scene_rules(writing(profile, stage | {"names": names}))
    assert len(rules) / 3 < 1800
    assert "<<" not in rules
    assert "Manim Community 0.22.0" in rules


def test_the_short_rules_name_what_fits_the_brief():
    """And what most scenes need, as far as it is there."""
    names = ("BarChart", "Circle", "Create", "Sphere", "Square", "Table")
    assert fitting_names(writing(stage={"names": names})) == ("Circle", "Create", "Square")
    assert "Table" in fitting_names(writing(stage={"names": names}).model_copy(update={"prompt": "A table."}))


async def test_a_setting_chooses_the_short_rules():
    """Without a refusal before."""
    with ChatServer("good") as server:
        await write_scene(writing(), Writer("test-writer", server.base_url, context_tokens=4096))
        [asked] = server.asked
    assert short_scene_rules(writing()) in asked.words


async def test_a_service_that_names_its_window_is_asked_once_more_with_the_short_rules():
    """And with them from the start, once that is known."""
    with ChatServer(OVERFLOW, "good") as server:
        writer = Writer("test-writer", server.base_url)
        await write_scene(writing(), writer)
        await write_scene(writing(), writer)
        first, second, third = (len(asked.words) for asked in server.asked)
    assert second == third < first / 2


async def test_a_question_that_does_not_fit_even_so_is_refused_in_one_sentence():
    """With the size of the window and what to do."""
    with ChatServer(OVERFLOW) as server:
        with pytest.raises(ContextTooSmall, match=r"reads at most 4096 tokens.*OLLAMA_CONTEXT_LENGTH") as raised:
            await write_scene(writing(), Writer("test-writer", server.base_url))
        assert len(server.asked) == 2
    assert "ask for less" in str(raised.value)
    assert "CONTEXT_TOKENS=" not in str(raised.value)


def counted(content, finish, read, written):
    """An answer with these counts of tokens."""
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    choice = {"message": {"content": content}, "finish_reason": finish}
    return Reply(body=json.dumps({"choices": [choice], "usage": usage}).encode())


@pytest.mark.parametrize(
    "reply",
    [counted("```python\nfrom manim", "length", 3200, 896), counted("What would you like?", "stop", 4096, 24)],
    ids=["the answer ends where the window does", "the question fills the window"],
)
async def test_a_server_that_cuts_questions_off_in_silence_is_told_by_its_counts(reply):
    """Another bound on the answer would change nothing; all tokens are counted."""
    with ChatServer(reply) as server:
        with pytest.raises(NothingWritten, match=r"at most 4096 tokens.*num_ctx") as raised:
            await write_scene(writing(), Writer("test-writer", server.base_url))
        sizes = [len(asked.words) for asked in server.asked]
    assert "MAX_TOKENS" not in str(raised.value)
    assert raised.value.hint == ""
    assert len(sizes) == 2
    assert sizes[1] < sizes[0]
    assert raised.value.call.input_tokens in (6400, 8192)


async def test_code_from_a_question_that_was_read_in_part_is_taken_with_a_remark():
    """A gateway may count in its own way: what was paid for is tried, and a person can see why it may be odd."""
    with ChatServer(counted(GOOD_SCENE, "stop", 24, 90)) as server:
        draft = await write_scene(writing(), Writer("test-writer", server.base_url))
    assert "read only 24 of about" in draft.code.origin.note


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("", "the answer is empty"),
        ("I'm sorry, but I can't help with that.", "it begins “I'm sorry, but I can't help with that.”"),
        ("Which colour should the circle have?", "Which colour"),
    ],
)
async def test_a_question_is_asked_again_with_what_was_wrong(answer, says):
    """And people see how the answer began."""
    with ChatServer(Reply(answer), "good") as server:
        writer = Writer("test-writer", server.base_url)
        with pytest.raises(NothingWritten, match=says) as raised:
            await write_scene(writing(), writer)
        draft = await write_scene(writing(), writer, 2, raised.value.hint)
        assert raised.value.hint in server.asked[1].question
    assert draft.call.purpose == "scene code, attempt 2"


async def test_just_the_functions_are_asked_for_where_the_findings_lie_in_functions():
    """And are put into the file."""
    method = "def construct(self):\n    self.play(Create(Circle()))\n"
    with ChatServer(Reply(f"```python\n{method}```")) as server:
        trouble = Feedback(findings=(Finding(line=7, message="there is no DrawSlowly"),))
        draft = await repair_scene(writing(), code(), trouble, Writer("test-writer", server.base_url), attempt=2)
        assert "just the functions that change" in server.asked[0].question
    assert draft.code.source == GOOD_SCENE[: GOOD_SCENE.index("    def")] + textwrap.indent(method, "    ")


async def test_the_whole_file_is_asked_for_where_a_finding_has_no_function():
    """An import, say."""
    question = await repair_question(GOOD_SCENE, Feedback(findings=(Finding(line=1, message="no such module"),)))
    assert "Answer with the whole file" in question
