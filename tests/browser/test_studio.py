"""What a person does in the studio, in a real browser: make a video, watch it, approve one, make a scene again."""

import pytest
from playwright.async_api import expect

from callsheet import client
from tests.browser.test_prefect_ui import page  # noqa: F401  # the fixture
from tests.flows.asking import waiting
from tests.flows.films import film, last_status
from tests.flows.history import rendered

TIMEOUT_MS = 120_000


async def test_a_video_is_made_without_json_and_one_of_its_scenes_again(prefect_server, page):  # noqa: F811
    """Title, two scenes from templates, one changed field; then it plays, with its chapters."""
    page.set_default_timeout(TIMEOUT_MS)
    await page.goto(prefect_server.gateway_url)
    await expect(page.get_by_role("heading", name="Library")).to_be_visible()
    await page.get_by_role("link", name="New video", exact=True).click()
    await page.get_by_label("Title", exact=True).fill("Made in the studio")
    await page.get_by_label("Size").select_option("draft")
    await page.get_by_role("button", name="Quote").click()
    await page.get_by_role("button", name="Section").click()
    await page.get_by_label("Length (seconds) (optional)").first.fill("0")
    await page.get_by_role("button", name="Make the video").click()
    await expect(page.get_by_text("must be 1.0 or more").first).to_be_visible()
    for length in await page.get_by_label("Length (seconds) (optional)").all():
        await length.fill("1")
    await page.get_by_role("button", name="Make the video").click()
    await expect(page.get_by_role("heading", name="Made in the studio")).to_be_visible()
    video = page.locator("video")
    await expect(video).to_be_visible(timeout=TIMEOUT_MS)
    await page.get_by_role("button", name="Section 2").click()
    await page.wait_for_function("document.querySelector('video').currentTime > 0")
    await page.get_by_role("button", name="Make a link").click()
    link = await page.get_by_label("Link to this video").input_value()
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
    made = page.url
    await page.get_by_role("button", name="Make scene 2 again").click()
    await page.wait_for_function("made => location.href !== made", arg=made)
    again = page.url.rpartition("/")[2]
    assert (await last_status(again)).is_completed
    assert await rendered(again) == ["render-scene 02 Section 2"]
    await page.get_by_role("link", name="Library", exact=True).click()
    await page.get_by_label("Search titles").fill("no such film")
    await expect(page.get_by_text("No video has these words in its title.")).to_be_visible()
    await page.get_by_label("Search titles").fill("IN THE STUDIO")
    await expect(page.get_by_role("link", name="Made in the studio").first).to_be_visible()


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
    await expect(page.locator("video")).to_be_visible(timeout=TIMEOUT_MS)


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
    await page.get_by_label("Look").select_option("garden")
    await page.get_by_label("Length").select_option("30")
    await page.get_by_role("button", name="Make the film").click()
    await expect(page.get_by_role("heading", name="tides")).to_be_visible()
    await expect(page.locator("video track[kind=captions]")).to_be_attached(timeout=2 * TIMEOUT_MS)
    words = "() => { const track = document.querySelector('video').textTracks[0]; track.mode = 'showing'; "
    words += "return [...(track.cues || [])].map(cue => cue.text).join(' ') }"
    await page.wait_for_function(f"({words})().includes('The Moon pulls')")
