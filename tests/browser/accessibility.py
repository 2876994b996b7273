"""A page as people meet it who can't see it or use no mouse."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

SERIOUS = {"serious", "critical"}
NAME_OF_FOCUS = """() => {
  const here = document.activeElement;
  const label = here.labels?.[0]?.textContent || here.getAttribute('aria-label') || here.textContent || '';
  return [here.tagName.toLowerCase(), label.trim().replace(/\\s+/g, ' ')];
}"""


async def serious_findings(page: Page) -> list[str]:
    """What axe finds that keeps people from using the page, each with its place."""
    found = await Axe().run(page)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found.response["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


async def tab_to(page: Page, name: str, at_most: int = 120) -> None:
    """Press the Tab key until a control whose name begins so has the focus."""
    for _ in range(at_most):
        await page.keyboard.press("Tab")
        if (await page.evaluate(NAME_OF_FOCUS))[1].startswith(name):
            return
    raise AssertionError(f"the Tab key does not lead to “{name}”")
