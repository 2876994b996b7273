"""What a person does in the studio, in a real browser: make a video, watch it, approve one, make a scene again."""

import pytest
from playwright.async_api import expect

from callsheet import client
from tests.browser.accessibility import serious_findings, tab_to
from tests.browser.test_prefect_ui import page  # noqa: F401  # the fixture
from tests.flows.asking import waiting
from tests.flows.films import film, last_status, titled
from tests.flows.history import rendered

TIMEOUT_MS = 120_000
SCRIPT = """INT. KITCHEN - NIGHT

ANNA (30), in a green dress, holds a lamp.

ANNA
Who put out the light? <b>Ben</b> | or I?

EXT. STREET - DAY

Ben walks away.
"""


async def test_a_video_is_made_without_json_and_one_of_its_scenes_again(prefect_server, page):  # noqa: F811
    """Title, two scenes from templates with their previews, one changed field; then it plays, with its chapters."""
    page.set_default_timeout(TIMEOUT_MS)
    await page.goto(prefect_server.gateway_url)
    await expect(page.get_by_role("heading", name="Library")).to_be_visible()
    await page.get_by_role("link", name="New video", exact=True).click()
    await page.get_by_label("Title", exact=True).fill("Made in the studio")
    await page.get_by_label("Size").select_option("draft")
    await page.get_by_role("button", name="Quote").click()
    await page.get_by_role("button", name="Section").click()
    preview = page.get_by_alt_text("Preview of scene 2")
    await expect(preview).to_be_visible()
    before = await preview.get_attribute("src")
    await page.get_by_label("Paper").check()
    await expect(preview).not_to_have_attribute("src", before)
    assert await preview.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    assert await serious_findings(page) == []
    await page.get_by_label("Length (seconds) (optional)").first.fill("0")
    await page.get_by_role("button", name="Make the video").click()
    await expect(page.get_by_text("must be 1.0 or more").first).to_be_visible()
    for length in await page.get_by_label("Length (seconds) (optional)").all():
        await length.fill("1")
    await page.get_by_role("button", name="Make the video").click()
    await expect(page.get_by_role("heading", name="Made in the studio")).to_be_visible()
    video = page.locator("video[controls]")
    await expect(video).to_be_visible(timeout=TIMEOUT_MS)
    assert await serious_findings(page) == []
    await page.get_by_role("button", name="Section 2").click()
    await page.wait_for_function("document.querySelector('video').currentTime > 0")
    await page.get_by_label("The link works").select_option("A week")
    await page.get_by_role("button", name="Make a link").click()
    link = await page.get_by_label("Link to this video").input_value()
    await expect(page.get_by_text(", until ")).to_be_visible()
    viewer = await page.context.browser.new_page()
    await viewer.goto(link)
    await expect(viewer.get_by_role("heading", name="Made in the studio")).to_be_visible()
    await viewer.get_by_role("link", name="Section 2").click()
    await viewer.wait_for_url("**?t=*")
    await expect(viewer.locator("video")).to_be_visible()
    await page.get_by_role("button", name="Revoke the link").click()
    await expect(page.get_by_label("Link to this video")).to_be_hidden()
    await viewer.reload()
    await expect(viewer.get_by_text("its owner has revoked it")).to_be_visible()
    await viewer.close()
    await page.emulate_media(color_scheme="dark")
    assert await serious_findings(page) == []
    made = page.url
    await page.get_by_role("button", name="Make scene 2 again").click()
    await page.wait_for_function("made => location.href !== made", arg=made)
    again = page.url.rpartition("/")[2]
    assert (await last_status(again)).is_completed
    assert await rendered(again) == ["render-scene 02 Section 2"]
    await page.get_by_role("link", name="Library", exact=True).click()
    await page.get_by_label("Search titles").fill("no such film")
    await expect(page.get_by_text("No video is like that; search for less.")).to_be_visible()
    await page.get_by_label("Search titles").fill("IN THE STUDIO")
    await expect(page.get_by_role("link", name="Made in the studio").first).to_be_visible()


async def test_a_video_is_asked_for_and_turned_down_by_keyboard_alone(prefect_server, page):  # noqa: F811
    """Tab, arrows, Space and Enter reach everything from the library to the answer to a storyboard."""
    page.set_default_timeout(TIMEOUT_MS)
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(prefect_server.gateway_url)
    await expect(page.get_by_role("heading", name="Library")).to_be_visible()
    assert await serious_findings(page) == []
    press, write = page.keyboard.press, page.keyboard.type
    await tab_to(page, "New video")
    await press("Enter")
    await expect(page.get_by_role("heading", name="New video")).to_be_visible()
    await expect(page.get_by_role("button", name="Quote")).to_be_visible()
    await tab_to(page, "Title")
    await write("By keyboard")
    await tab_to(page, "Size")
    await write("Draft")
    await tab_to(page, "Midnight")
    await press("ArrowRight")
    await expect(page.get_by_label("Paper")).to_be_checked()
    await tab_to(page, "Quote")
    await press("Enter")
    await expect(page.get_by_label("Name of scene 1")).to_be_focused()
    await tab_to(page, "Show me the estimate")
    await press("Space")
    await tab_to(page, "Make the video")
    await press("Enter")
    await expect(page.get_by_role("heading", name="This run waits for your approval")).to_be_visible()
    await expect(page.get_by_text("language model")).to_be_visible()
    assert await serious_findings(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await tab_to(page, "Reason for a rejection")
    await write("only a test")
    await press("Tab")
    await press("Enter")
    await expect(page.get_by_text("only a test").first).to_be_visible()


async def test_a_scene_is_seen_before_there_is_a_film(prefect_server, page):  # noqa: F811
    """One scene of a run is ready and another one never is: the page shows how the first one ends."""
    code = "from manim import *\n\nclass Never(Scene):\n    def construct(self):\n        raise ValueError\n"
    run = await client.start(film("Seen early", [titled("Seen early"), {"name": "Never", "code": code}]))
    status = await last_status(run)
    assert [scene.state for scene in status.scenes] == ["ready", "failed"], status.message
    await page.goto(f"{prefect_server.gateway_url}/#/run/{run.id}")
    still = page.locator("li:has-text('Seen early') video.still")
    await expect(still).to_be_visible()
    await page.wait_for_function("() => document.querySelector('video.still').currentTime >= 0.4")
    assert await page.locator("video").count() == 1
    assert await serious_findings(page) == []


@pytest.mark.long
async def test_a_storyboard_is_changed_and_approved_in_the_studio(prefect_server, page):  # noqa: F811
    """Scenes change places, one gets another name; the run makes what the page says."""
    page.set_default_timeout(TIMEOUT_MS)
    run = await client.start(film("Asked in the studio", scenes=2, approval=True))
    await waiting(run)
    await page.goto(f"{prefect_server.gateway_url}/#/run/{run.id}")
    await page.get_by_role("button", name="Move scene 2 up").click()
    await page.get_by_label("Name of scene 1").fill("First now")
    await page.get_by_label("Name of scene 1").press("Tab")
    await page.get_by_role("button", name="Approve as changed").click()
    status = await last_status(run)
    assert [scene.name for scene in status.scenes] == ["First now", "Asked in the studio 1"]
    await expect(page.locator("video[controls]")).to_be_visible(timeout=TIMEOUT_MS)


async def test_a_document_is_explained_in_the_studio(prefect_server, page, tmp_path):  # noqa: F811
    """A Markdown file is chosen, and its narrated film plays with captions."""
    document = tmp_path / "tides.md"
    document.write_text(
        "# Tides\n\nThe Moon pulls the water of the sea towards itself. So the sea rises twice a day.\n"
    )
    page.set_default_timeout(TIMEOUT_MS)
    await page.goto(f"{prefect_server.gateway_url}/#/explain")
    await page.get_by_label("Document").set_input_files(document)
    await page.get_by_label("Size").select_option("draft")
    await page.get_by_label("Garden").check()
    await page.get_by_label("Length").select_option("30")
    await page.get_by_role("button", name="Make the film").click()
    await expect(page.get_by_role("heading", name="tides")).to_be_visible()
    await expect(page.locator("video track[kind=captions]")).to_be_attached(timeout=2 * TIMEOUT_MS)
    words = "() => { const track = document.querySelector('video').textTracks[0]; track.mode = 'showing'; "
    words += "return [...(track.cues || [])].map(cue => cue.text).join(' ') }"
    await page.wait_for_function(f"({words})().includes('The Moon pulls')")


async def test_a_screenplay_is_filmed_by_a_board_that_is_changed_by_keyboard(prefect_server, page, tmp_path):  # noqa: F811
    """A Fountain file is chosen; its board shows a panel for each shot, and the run makes what is left of it."""
    file = tmp_path / "the_lamp.fountain"
    file.write_text(SCRIPT)
    page.set_default_timeout(TIMEOUT_MS)
    await page.set_viewport_size({"width": 390, "height": 844})
    press = page.keyboard.press
    # A page of plain HTTP from another machine has no such function.
    await page.add_init_script("delete Crypto.prototype.randomUUID")
    await page.goto(f"{prefect_server.gateway_url}/#/screenplay")
    await page.get_by_label("Screenplay").set_input_files(file)
    await tab_to(page, "Title")
    await page.keyboard.type("The lamp in the studio")
    await page.get_by_label("Size").select_option("draft")
    await tab_to(page, "The best for the language")
    await press("ArrowDown")
    await expect(page.get_by_role("radio", name="heart")).to_be_checked()
    await press("Tab")
    await expect(page.get_by_role("button", name="Hear heart")).to_be_focused()
    await press("Enter")
    await expect(page.get_by_role("button", name="Stop heart")).to_be_visible()
    await tab_to(page, "Choose a character's voice")
    await press("Enter")
    await expect(page.get_by_label("Character 1", exact=True)).to_be_focused()
    await page.keyboard.type("Anna")
    await page.get_by_label("Voice of character 1").select_option("emma")
    assert await serious_findings(page) == []
    await tab_to(page, "Make the film")
    await press("Enter")
    await expect(page.get_by_role("heading", name="The lamp in the studio")).to_be_visible()
    panels = page.get_by_alt_text("Panel of shot")
    await expect(panels.first).to_be_visible()
    assert await panels.first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480
    address = await page.get_by_label("Animatic").evaluate("video => video.src")
    assert (await (await page.request.get(address)).body())[4:8] == b"ftyp"
    await expect(page.get_by_text("ANNA: Who put out the light? <b>Ben</b> | or I?")).to_be_visible()
    assert await serious_findings(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    run = page.url.rpartition("/")[2]
    shots = (await client.proposal(run)).scenes
    await tab_to(page, f"Change shot {shots[0].name}")
    await press("Enter")
    await tab_to(page, "Length (seconds)")
    await press("Control+A")
    await page.keyboard.type("2.5")
    await tab_to(page, f"Leave out shot {len(shots)}")
    await press("Enter")
    await tab_to(page, "Approve as changed")
    await press("Enter")
    await expect(page.get_by_role("heading", name="This run waits for your approval")).to_be_hidden()
    assert [scene.name for scene in (await client.status(run)).scenes] == [shot.name for shot in shots[:-1]]
    request = await client.read_request(run)
    assert (request["voice"]["voice"], request["voices"]) == ("heart", {"Anna": "emma"})
    await client.cancel(run)
