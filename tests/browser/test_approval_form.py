"""A run that waits for approval, approved in the Prefect UI: its form, in a real browser."""

from playwright.async_api import expect

from callsheet import client
from tests.browser.test_prefect_ui import page  # noqa: F401  # the fixture
from tests.flows.asking import waiting
from tests.flows.films import film, last_status
from tests.flows.history import rendered

FORM_TIMEOUT_MS = 60_000


async def test_a_waiting_run_is_approved_in_the_prefect_ui(prefect_server, page):  # noqa: F811
    """Resume, change the name of a scene, Approve, Submit: the run makes what the form says."""
    run = await client.start(film("Approved in a browser", scenes=2, approval=True))
    await waiting(run)
    page.set_default_timeout(FORM_TIMEOUT_MS)
    await page.goto(f"{prefect_server.ui_url}/runs/flow-run/{run.id}")
    await page.get_by_role("button", name="Resume").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("On: make the video")).to_be_visible(timeout=FORM_TIMEOUT_MS)
    await dialog.locator("textarea").first.fill("Renamed")
    await dialog.get_by_role("switch").first.click()
    await dialog.get_by_role("button", name="Submit").click()
    assert (await last_status(run)).is_completed
    assert await rendered(run.id) == ["render-scene 01 Renamed", "render-scene 02 Approved in a browser 2"]
