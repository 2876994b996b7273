"""A run that waits for approval, approved in the Prefect UI: its form, in a real browser."""

import pytest
from playwright.async_api import expect

from callsheet import client
from tests.browser.test_prefect_ui import page  # noqa: F401  # the fixture
from tests.flows.asking import waiting
from tests.flows.films import film, last_status
from tests.flows.history import rendered

FORM_TIMEOUT_MS = 60_000


async def test_a_waiting_run_is_approved_in_the_prefect_ui(prefect_server, page):  # noqa: F811
    """Resume, change the name of a scene, Submit: the run makes what the form says. To submit is to approve."""
    run = await client.start(film("Approved in a browser", scenes=2, approval=True))
    await waiting(run)
    page.set_default_timeout(FORM_TIMEOUT_MS)
    await page.goto(f"{prefect_server.ui_url}/runs/flow-run/{run.id}")
    await page.get_by_role("button", name="Resume").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Leave it off to approve")).to_be_visible(timeout=FORM_TIMEOUT_MS)
    await dialog.locator("textarea").nth(1).fill("Renamed")
    await dialog.get_by_role("button", name="Submit").click()
    assert (await last_status(run)).is_completed
    assert await rendered(run.id) == ["render-scene 01 Renamed", "render-scene 02 Approved in a browser 2"]


@pytest.mark.long
async def test_a_form_that_is_sent_as_it_is_approves_and_a_rejection_is_chosen(prefect_server, page):  # noqa: F811
    """The obvious click makes the video; the switch, with a reason beside it, ends the run."""
    wanted = await client.start(film("Sent as it is", approval=True))
    unwanted = await client.start(film("Turned down", approval=True))
    page.set_default_timeout(FORM_TIMEOUT_MS)
    dialog = page.get_by_role("dialog")
    for run, reason in ((wanted, ""), (unwanted, "too short")):
        await waiting(run)
        await page.goto(f"{prefect_server.ui_url}/runs/flow-run/{run.id}")
        await page.get_by_role("button", name="Resume").click()
        await expect(dialog.get_by_text("Leave it off to approve")).to_be_visible(timeout=FORM_TIMEOUT_MS)
        if reason:
            await dialog.get_by_role("switch").first.click()
            await dialog.locator("textarea").first.fill(reason)
        await dialog.get_by_role("button", name="Submit").click()
        await expect(dialog).to_be_hidden(timeout=FORM_TIMEOUT_MS)  # the answer has arrived; a new page would stop it
    assert (await last_status(wanted)).is_completed
    status = await last_status(unwanted)
    assert (status.state, status.message) == ("Cancelled", "Not approved: too short")
