"""What a person does in the Prefect UI, in a real browser: fill the form, run, watch the video."""

import pytest
from playwright.async_api import Page, async_playwright, expect
from prefect.client.orchestration import get_client
from prefect.client.schemas.sorting import FlowRunSort

from callsheet import client
from tests.control.test_large_requests import large
from tests.flows.asking import waiting

CHROMIUM = "/usr/bin/chromium"
# A browser that runs as root in a container and makes no background calls.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
RUN_TIMEOUT_MS = 180_000
# What a page shows within half a second takes far longer beside other tests; Playwright gives it five seconds.
expect.set_options(timeout=60_000)
FIRST_FRAME = "() => { const video = document.querySelector('video'); return video && video.readyState >= 2 }"


@pytest.fixture
async def page():
    """A page of an empty browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield await browser.new_page(viewport={"width": 1280, "height": 1400})
        await browser.close()


async def open_form(page: Page, ui_url: str):
    """The run form of the video deployment, with one empty scene in it."""
    async with get_client() as client:
        deployment = await client.read_deployment_by_name("generate-video/video")
    await page.goto(f"{ui_url}/deployments/deployment/{deployment.id}/run")
    await page.get_by_text("Add item").first.click()
    await page.get_by_text("A short name").wait_for()


async def run_of(title: str):
    """Id of the run that was asked for a video of this title."""
    async with get_client() as client:
        runs = await client.read_flow_runs(sort=FlowRunSort.EXPECTED_START_TIME_DESC)
    return next(run.id for run in runs if run.parameters.get("request", {}).get("title") == title)


async def fill(page: Page, title: str, name: str, prompt: str):
    """Write title, scene name and prompt; the editor between the two is that of the content."""
    texts = page.locator("textarea")
    for position, text in ((0, title), (1, name), (3, prompt)):
        await texts.nth(position).fill(text)


async def test_a_video_is_started_and_watched_in_the_prefect_ui(prefect_server, page):
    """From the form to the first frame in the player, with nothing but a browser."""
    await open_form(page, prefect_server.ui_url)
    await fill(page, "Made in a browser", "Circle", "The area of a circle is A = pi r^2.")
    await page.get_by_role("button", name="Submit").click()
    await page.wait_for_url("**/deployments/deployment/*?tab=Runs")
    run_id = await run_of("Made in a browser")
    await page.goto(f"{prefect_server.ui_url}/runs/flow-run/{run_id}")
    await expect(page.get_by_text("Completed", exact=True).first).to_be_visible(timeout=RUN_TIMEOUT_MS)

    await page.get_by_text("Artifacts", exact=True).first.click()
    await page.locator("a[href*='/artifacts/artifact/']", has_text="MARKDOWN").click()
    await page.wait_for_function(FIRST_FRAME)
    assert await page.evaluate("document.querySelector('video').videoWidth") == 1280
    await leads_to_the_film(page)
    v2 = page.url.replace(prefect_server.ui_url, f"{prefect_server.ui_url}/v2")
    await page.goto(v2)
    await leads_to_the_film(page)


async def leads_to_the_film(page: Page):
    """Both UIs show a picture and a plain link of the finished video; the V2 UI shows no player."""
    film = await page.get_by_role("link", name="Open “Made in a browser” as a file").get_attribute("href")
    picture = page.locator(f"a[href='{film}'] img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    answer = await page.request.head(film)
    assert (answer.status, answer.headers["content-type"]) == (200, "video/mp4")


@pytest.mark.long
async def test_the_page_of_a_large_request_shows_its_scenes_by_name(prefect_server, page):
    """Thirty scenes of long code are a page that is drawn soon, with the names of all scenes and a button to resume."""
    asked = await client.start(large("Large in a browser", scenes=30, approval=True))
    await waiting(asked)
    await page.goto(f"{prefect_server.ui_url}/runs/flow-run/{asked.id}")
    await expect(page.get_by_text("30 of 30 scenes are too large for the form")).to_be_visible()
    await expect(page.get_by_role("button", name="Resume")).to_be_visible()
    await page.get_by_text("Parameters", exact=True).click()
    await expect(page.get_by_text('"Part 30"')).to_be_visible()
    assert len(await page.inner_text("body")) < 20_000
    await client.cancel(asked)


async def test_the_address_of_the_server_opens_the_same_ui_as_links_to_runs(prefect_server, page):
    """Prefect has two. The V2 UI has no button to resume a run that waits for approval, and shows no player."""
    await page.goto(prefect_server.ui_url)
    await page.wait_for_url("**/dashboard")
    assert page.url == f"{prefect_server.ui_url}/dashboard"


async def test_the_form_explains_itself(prefect_server, page):
    """Titles, descriptions, defaults and choices, in the order in which a person thinks of them."""
    await open_form(page, prefect_server.ui_url)
    form = await page.locator("form").inner_text()
    sentences = [
        "Shown as the run's name",
        "At least one scene",
        "A short name",
        "The kind of scene",
        "Free text instead",
        "How the scenes are joined",
        "Theme, accent colour",
    ]
    places = [form.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert "draft: 854×480 at 15 frames/s" in form
    assert "None" not in form


async def test_a_wrong_value_is_refused_in_the_form(prefect_server, page):
    """An empty title never becomes a run; the form says which field is wrong."""
    await open_form(page, prefect_server.ui_url)
    await fill(page, "", "Circle", "The area of a circle is A = pi r^2.")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text("required").or_(page.get_by_text("too short")).first).to_be_visible()
    assert page.url.endswith("/run")
