"""The page in a real Chromium: the whole visit with the mouse, and again with the keyboard."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # selenium's own sockets
]

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars",
    "--window-size=1280,1400",
)  # fmt: skip
TEXT = "Añn 😀 called 202-555-0142 from ann@example.com about 4111 1111 1111 1111"
CSV = "customer,email\nAnn Smith,ann@example.com\nBob Jones,bob@example.org\nEve Brown,eve@example.net\n"

#: The lowest contrast of any text with what is behind it, and that text (WCAG 2.2, 1.4.3). The
#: washes behind marks are mixed with what lies below them.
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const rgba = (text) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = (element) => { const layers = [];
  for (let e = element; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor);
    if (c[3]) layers.push(c); if (c[3] === 1) break; }
  let under = [255, 255, 255];
  for (const c of layers.reverse()) under = under.map((v, i) => v * (1 - c[3]) + c[i] * c[3]);
  return under; };
let worst = [99, ""];
for (const element of document.body.querySelectorAll("*")) {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !element.offsetParent || element.closest(".unseen, .skip, script, option, [disabled]")) continue;
  const colour = rgba(getComputedStyle(element).color).slice(0, 3);
  const [a, b] = [light(colour), light(behind(element))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < worst[0]) worst = [ratio, element.textContent.trim().slice(0, 40)];
}
return worst;
"""
#: Controls without a name that a screen reader could say.
NAMELESS = """
return [...document.querySelectorAll("input, select, textarea, button, a[href], [role=tab], [tabindex='0']")]
  .filter((e) => e.offsetParent !== null)
  .filter((e) => !(e.labels?.length || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.textContent.trim()))
  .map((e) => e.outerHTML.slice(0, 80));
"""


@pytest.fixture(scope="module")
def service(servers, tmp_path_factory):
    from lakescan.jobs.keys import new_keyring

    folder = tmp_path_factory.mktemp("page")
    (folder / "ring.yaml").write_text(new_keyring("one"))
    (folder / "ring.yaml").chmod(0o600)
    (folder / "lake").mkdir()
    (folder / "lake" / "customers.csv").write_text(CSV)
    (folder / "phones.yaml").write_text("entities: {disable: [EMAIL_ADDRESS]}\n")
    server = servers(
        "--accuracy-mode", "patterns", "--key", f"file:{folder / 'ring.yaml'}",
        "--named-policy", f"phones={folder / 'phones.yaml'}", "--runs", str(folder / "runs"),
        "--source", str(folder / "lake"), "--engine", "local",
    )  # fmt: skip
    server.lake = folder / "lake"
    return server


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, service):
    """The page, open; afterwards it must have complained of nothing and asked nobody else."""
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(service.url)
    wait(browser, lambda: "Ready" in text_of(browser, "state"))
    yield browser
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    messages = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
    asked = [
        m["params"]["request"]["url"]
        for m in messages
        if m["method"] == "Network.requestWillBeSent"
    ]
    assert [u for u in asked if not u.startswith((service.url, "data:", "blob:", "about:"))] == []


def wait(browser, until):
    passing = [StaleElementReferenceException]  # the page may be drawn anew just then
    WebDriverWait(browser, 60, 0.1, passing).until(lambda _: until())


def one(browser, name):
    return browser.find_element(By.ID, name)


def text_of(browser, name):
    return one(browser, name).text


def shown(browser, name):
    return one(browser, name).is_displayed()


def picture(browser, tmp_path, name):
    """A screenshot; where LAKESCAN_SCREENSHOTS names a folder, for people."""
    folder = Path(os.environ.get("LAKESCAN_SCREENSHOTS") or tmp_path)
    assert browser.save_screenshot(str(folder / f"page-{name}.png"))


def readable(browser):
    ratio, words = browser.execute_script(CONTRAST)
    assert ratio >= 4.5, words
    assert browser.execute_script(NAMELESS) == []


def test_a_visit_with_the_mouse(page, service, tmp_path):
    picture(page, tmp_path, "start")
    one(page, "text").send_keys("x")
    page.execute_script("document.getElementById('text').value = arguments[0]", TEXT)
    page.find_element(By.CSS_SELECTOR, "#text-form .go").click()
    wait(page, lambda: shown(page, "text-results"))
    assert "3 findings" in text_of(page, "text-tally")
    marks = [e.text.replace("\n", "") for e in page.find_elements(By.CSS_SELECTOR, "#marked mark")]
    assert [m.split("EMAIL")[0] for m in marks if "@" in m] == ["ann@example.com"]
    assert "<EMAIL_ADDRESS>" in text_of(page, "made")
    readable(page)
    picture(page, tmp_path, "text")

    Select(one(page, "operator")).select_by_value("mask")
    wait(page, lambda: "****" in text_of(page, "made"))
    assert '"*":{"operator":"mask"}' in text_of(page, "curl")
    Select(one(page, "policy")).select_by_value("phones")
    wait(page, lambda: "2 findings:" in text_of(page, "text-tally"))
    assert "ann@example.com" in text_of(page, "made")
    one(page, "copy").click()
    wait(page, lambda: text_of(page, "copied"))
    Select(one(page, "policy")).select_by_value("default")

    one(page, "tab-table").click()
    file = tmp_path / "customers.csv"
    file.write_text(CSV)
    one(page, "file").send_keys(str(file))
    wait(page, lambda: shown(page, "table-results"))
    assert "2 with personal data" in text_of(page, "table-tally")
    assert "EMAIL_ADDRESS" in text_of(page, "verdicts")
    assert "pattern.email" in text_of(page, "verdicts")
    assert "mask" in text_of(page, "verdicts")
    assert "ann@example.com" not in text_of(page, "after")
    assert one(page, "save").get_attribute("download") == "anonymized-customers.csv"
    picture(page, tmp_path, "table")
    readable(page)

    one(page, "tab-runs").click()
    one(page, "source").send_keys(str(service.lake))
    page.find_element(By.CSS_SELECTOR, "#job-form .go").click()
    wait(page, lambda: "complete" in text_of(page, "runs"))
    page.find_element(By.XPATH, "//button[text()='Show']").click()
    wait(page, lambda: "EMAIL_ADDRESS" in text_of(page, "report-verdicts"))
    picture(page, tmp_path, "runs")
    readable(page)
    page.find_element(By.LINK_TEXT, "Report").click()
    wait(page, lambda: len(page.window_handles) == 2)
    first, second = page.window_handles
    page.switch_to.window(second)
    wait(page, lambda: "email" in page.find_element(By.TAG_NAME, "body").text)
    page.close()
    page.switch_to.window(first)


def test_the_same_visit_with_the_keyboard(page, service):
    """Only Tab, arrows, Enter, letters: no element is clicked or looked up to be used."""

    def press(*keys):
        for key in keys:
            ActionChains(page).send_keys(key).perform()

    def back_to(wanted):
        for _ in range(40):
            if focused() == wanted:
                return
            ActionChains(page).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        raise AssertionError(f"{wanted} cannot be reached; at {focused()}")

    def focused():
        return page.execute_script(
            "return document.activeElement.id || document.activeElement.className"
        )

    def tab_to(wanted, most=40):
        for _ in range(most):
            press(Keys.TAB)
            if wanted in focused():
                return
        raise AssertionError(f"{wanted} cannot be reached; at {focused()}")

    press(Keys.TAB)
    assert focused() == "skip", "the first stop leads past the head"
    press(Keys.ENTER)
    tab_to("operator", 6)
    press("m")  # mask
    tab_to("text", 6)
    press("write to ann@example.com")
    ActionChains(page).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    wait(page, lambda: shown(page, "text-results"))
    assert "***" in text_of(page, "made")
    tab_to("copy")
    press(Keys.ENTER)
    wait(page, lambda: text_of(page, "copied"))

    back_to("tab-text")
    press(Keys.ARROW_RIGHT)
    assert focused() == "tab-table"
    assert shown(page, "panel-table")
    tab_to("file")
    tab_to("table-example")
    press(Keys.ENTER)
    wait(page, lambda: shown(page, "table-results"))
    assert "with personal data" in text_of(page, "table-tally")
    tab_to("save")

    back_to("tab-table")
    press(Keys.END)
    assert focused() == "tab-runs"
    tab_to("source")
    press(str(service.lake), Keys.ENTER)
    wait(
        page,
        lambda: (
            "at work" in text_of(page, "runs-tally") and "0 at work" in text_of(page, "runs-tally")
        ),
    )
    tab_to("show-")
    press(Keys.ENTER)
    wait(page, lambda: "EMAIL_ADDRESS" in text_of(page, "report-verdicts"))
    assert focused() == "report-head", "what was asked for has the focus"


def test_a_text_becomes_no_markup(page):
    evil = '<img src=x onerror="document.title=1"> <b>ann@example.com</b>'
    page.execute_script("document.getElementById('text').value = arguments[0]", evil)
    page.find_element(By.CSS_SELECTOR, "#text-form .go").click()
    wait(page, lambda: shown(page, "text-results"))
    assert page.find_elements(By.CSS_SELECTOR, "#marked img, #marked b") == []
    assert page.title == "lakescan"


def test_it_is_readable_in_the_dark_and_on_a_phone(page, tmp_path):
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": "dark"}]},
    )
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 1400, "deviceScaleFactor": 1, "mobile": True},
    )
    try:
        one(page, "example").click()
        wait(page, lambda: shown(page, "text-results"))
        readable(page)
        width = page.execute_script("return document.documentElement.scrollWidth")
        assert width <= 390, "nothing runs out of the window"
        picture(page, tmp_path, "dark")
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_service_with_keys_asks_for_one(browser, guarded):
    browser.get(guarded.url)
    wait(browser, lambda: shown(browser, "access"))
    assert "wants a key" in text_of(browser, "state")
    browser.switch_to.active_element.send_keys("first-key", Keys.ENTER)
    wait(browser, lambda: "Ready" in text_of(browser, "state"))
    one(browser, "example").click()
    wait(browser, lambda: shown(browser, "text-results"))
    assert "$LAKESCAN_KEY" in text_of(browser, "curl")
    assert "first-key" not in browser.page_source


def test_the_page_may_load_and_be_framed_by_nothing_else(client):
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    for name in ("page.js", "text.js", "page.css"):
        assert client.get(f"/page/{name}").status_code == 200
    for name in ("__init__.py", "../__init__.py", "none.js"):
        assert client.get(f"/page/{name}").status_code == 404
