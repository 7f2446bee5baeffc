"""The page in a real Chromium: it sorts, searches, explains, and asks nothing of any network."""

import dataclasses
import json
import shutil

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from lakescan.reports.html.notebook import to_notebook
from lakescan.reports.html.page import to_html

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # selenium's own sockets
]

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars",
    "--window-size=1280,1600",
)  # fmt: skip

#: The lowest contrast of any text with what is behind it, and that text (WCAG 2.2, 1.4.3).
CONTRAST = """
const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const rgba = (text) => text.match(/[\\d.]+/g).map(Number);
const behind = (element) => { for (let e = element; e; e = e.parentElement) {
  const c = rgba(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c.slice(0, 3); }
  return [255, 255, 255]; };
let worst = [99, ""];
for (const element of document.body.querySelectorAll("*")) {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !element.offsetParent || element.closest(".unseen, .skip, script, option")) continue;
  const style = getComputedStyle(element);
  const [a, b] = [light(rgba(style.color).slice(0, 3)), light(behind(element))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < worst[0]) worst = [ratio, element.textContent.trim().slice(0, 40)];
}
return worst;
"""


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
def show(browser, tmp_path):
    """Open a report's page; afterwards look at what it asked for and complained about."""
    pages = []

    def opened(report, baseline=None, content=None):
        page = tmp_path / f"report-{len(pages)}.html"
        page.write_bytes(to_html(report, baseline) if content is None else content)
        pages.append(page.as_uri())
        browser.get(page.as_uri())
        return browser

    browser.get("about:blank")
    browser.get_log("browser")
    browser.get_log("performance")
    yield opened
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {
        message["params"]["request"]["url"].partition("#")[0]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert asked - {"about:blank", "about:srcdoc"} == set(pages)


def shown(browser):
    """The columns that can be seen, in their order."""
    script = """return [...document.querySelectorAll(".columns > tbody")]
        .filter((body) => body.offsetParent !== null)
        .map((body) => body.querySelector(".name").textContent)"""
    return browser.execute_script(script)


def tally(browser):
    return browser.find_element(By.ID, "tally").text


def click(browser, css, text=None):
    for element in browser.find_elements(By.CSS_SELECTOR, css):
        if text is None or element.text.strip() == text:
            browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
            element.click()
            settle(browser)
            return element
    raise AssertionError(f"no {css} {text}")


def choose(browser, kind):
    box = browser.find_element(By.CSS_SELECTOR, f"[name=show][value={kind}]")
    browser.execute_script("arguments[0].click()", box)


def search(browser, words):
    box = browser.find_element(By.ID, "q")
    box.clear()
    box.send_keys(words)
    settle(browser)


def settle(browser):
    """Let the page do what it has put off: it filters a little after the last key or click."""
    browser.execute_async_script(
        "const done = arguments[0]; setTimeout(() => setTimeout(done), 150)"
    )


def test_says_first_what_matters(show, report, tmp_path):
    browser = show(report)
    assert browser.find_element(By.TAG_NAME, "h1").text == "5 of 9 columns hold personal data"
    assert "1 object could not be read" in browser.find_element(By.CLASS_NAME, "caution").text
    assert shown(browser) == ["email", "iban", "note", "patient.icd[]", "token"]
    assert tally(browser) == "Showing 5 of 9 columns in 2 datasets."
    picture = tmp_path / "report.png"
    assert browser.save_screenshot(str(picture))
    assert picture.stat().st_size > 30_000  # not a blank page


def test_explains_a_verdict_when_asked(show, report):
    browser = show(report)
    button = click(browser, "button.name", "iban")
    why = browser.find_element(By.ID, button.get_attribute("aria-controls"))
    assert button.get_attribute("aria-expanded") == "true"
    assert "Shape and check digits fit" in why.text
    assert "pattern.iban" in why.text
    assert "57 % to 67 %" in why.text
    button.click()
    assert not why.is_displayed()


def test_folds_a_long_overview(show, report):
    names = ["AGE", "CITY", "COUNTRY", "COUNTY", "EMAIL_ADDRESS", "FIRST_NAME", "GENDER", "IP_ADDRESS", "LAST_NAME",
             "MAC_ADDRESS", "OCCUPATION", "PERSON", "PHONE_NUMBER", "STATE", "STREET"]  # fmt: skip
    customers = report.datasets[0]
    email = customers.columns[1]
    columns = tuple(
        dataclasses.replace(
            email, column=name, index=at,
            classifications=(dataclasses.replace(email.classifications[0], entity=name),),
        )
        for at, name in enumerate(names)
    )  # fmt: skip
    browser = show(
        dataclasses.replace(report, datasets=(dataclasses.replace(customers, columns=columns),))
    )
    assert (
        len([pick for pick in browser.find_elements(By.CLASS_NAME, "pick") if pick.is_displayed()])
        == 10
    )
    click(browser, ".entities .link", "Show 5 more kinds")
    assert (
        len([pick for pick in browser.find_elements(By.CLASS_NAME, "pick") if pick.is_displayed()])
        == 15
    )


def test_sorts_a_table_by_each_column(show, report):
    browser = show(report)
    table = "#d1 .columns"
    click(browser, f"{table} th.c3 button")
    assert shown(browser)[:3] == ["email", "iban", "note"]
    click(browser, f"{table} th.c3 button")
    assert shown(browser)[:3] == ["note", "iban", "email"]
    head = browser.find_element(By.CSS_SELECTOR, f"{table} th.c3")
    assert head.get_attribute("aria-sort") == "ascending"
    click(browser, f"{table} th.c2 button")
    assert shown(browser)[:3] == ["email", "iban", "note"]
    assert head.get_attribute("aria-sort") is None
    click(browser, f"{table} th.c1 button")
    click(browser, f"{table} th.c1 button")
    assert shown(browser)[:3] == ["note", "iban", "email"]


def test_columns_without_findings_stay_last_whatever_is_sorted(show, report):
    browser = show(report)
    choose(browser, "all")
    for _ in range(2):
        click(browser, "#d1 .columns th.c4 button")
        assert shown(browser)[4] == "id"


def test_searches_names_datasets_and_kinds(show, report):
    browser = show(report)
    search(browser, "icd")
    assert shown(browser) == ["patient.icd[]"]
    search(browser, "customers")
    assert shown(browser) == ["email", "iban", "note"]
    search(browser, "customers email_address")
    assert shown(browser) == ["email"]
    search(browser, "nowhere to be found")
    assert shown(browser) == []
    click(browser, "#clear")
    assert len(shown(browser)) == 5


def test_filters_by_kind_domain_and_sensitivity(show, report):
    browser = show(report)
    choose(browser, "found")
    assert "city" in shown(browser)
    choose(browser, "all")
    assert len(shown(browser)) == 9
    Select(browser.find_element(By.ID, "domain")).select_by_value("PCI")
    assert shown(browser) == ["iban"]
    Select(browser.find_element(By.ID, "domain")).select_by_value("")
    Select(browser.find_element(By.ID, "entity")).select_by_value("PHONE_NUMBER")
    assert shown(browser) == ["note"]
    click(browser, "[type=reset]")
    WebDriverWait(browser, 10).until(lambda b: len(shown(b)) == 5)
    click(browser, ".pick", "API key")
    assert shown(browser) == ["token"]


def test_orders_datasets(show, report):
    browser = show(report)
    choose(browser, "all")
    order = Select(browser.find_element(By.ID, "order"))
    order.select_by_value("name")
    assert shown(browser)[5] == "debug"
    order.select_by_value("place")
    assert shown(browser)[-1] == "debug"


def test_opens_and_closes_all_that_is_shown(show, report):
    browser = show(report)
    click(browser, "#open")
    assert len([w for w in browser.find_elements(By.CLASS_NAME, "why") if w.is_displayed()]) == 5
    click(browser, "#open")
    assert not [w for w in browser.find_elements(By.CLASS_NAME, "why") if w.is_displayed()]


def test_marks_what_is_new_since_a_baseline(show, report):
    before = dataclasses.replace(report, datasets=report.datasets[:1])
    browser = show(report, before)
    choose(browser, "new")
    assert shown(browser) == ["patient.icd[]", "token"]


def test_hostile_names_are_text_and_nothing_else(show, hostile_report):
    browser = show(hostile_report)
    click(browser, "#open")
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert
    assert len(browser.find_elements(By.TAG_NAME, "script")) == 1
    assert not browser.find_elements(By.TAG_NAME, "img")
    names = shown(browser)
    assert "<script>alert(1)</script>" in names
    assert "salary\\u202egnp.exe" in names
    assert max(map(len, names)) <= 90
    width = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
    assert width <= 0


def test_five_thousand_columns_are_still_searched_and_sorted(show, wide_report):
    browser = show(wide_report)
    choose(browser, "all")
    assert tally(browser) == "Showing 5,000 of 5,000 columns in 50 datasets."
    search(browser, "field_7_42")
    wait = WebDriverWait(browser, 60)
    wait.until(lambda b: tally(b) == "Showing 1 of 5,000 columns in 1 dataset.")
    assert shown(browser) == ["field_7_42"]
    search(browser, "t7.parquet")
    wait.until(lambda b: tally(b) == "Showing 100 of 5,000 columns in 1 dataset.")
    click(browser, "#d8 .columns th.c2 button")
    assert shown(browser)[0] == "field_7_1"


def test_text_can_be_read_in_both_themes(show, report):
    browser = show(report)
    choose(browser, "all")
    click(browser, "#open")
    for _ in range(2):
        ratio, text = browser.execute_script(CONTRAST)
        assert ratio >= 4.5, text
        click(browser, "#theme")


def test_controls_have_names_and_ids_are_unique(show, report):
    browser = show(report)
    assert (
        browser.execute_script("""return [...document.querySelectorAll("input, select")]
        .filter((field) => !field.labels.length).length""")
        == 0
    )
    assert (
        browser.execute_script("""const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
        return ids.length - new Set(ids).size""")
        == 0
    )
    assert (
        browser.execute_script("""return [...document.querySelectorAll("[aria-controls]")]
        .filter((e) => !document.getElementById(e.getAttribute("aria-controls"))).length""")
        == 0
    )


def test_fits_a_phone(show, report):
    browser = show(report)
    screen = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    try:
        click(browser, "#open")
        width = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert width <= 0
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_prints_without_its_tools(show, report):
    browser = show(report)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not browser.find_element(By.ID, "tools").is_displayed()
        assert browser.find_element(By.TAG_NAME, "h1").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_explains_everything_without_javascript(show, report):
    browser = show(report, content=b"<!doctype html>")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(report)
        assert (
            len([w for w in browser.find_elements(By.CLASS_NAME, "why") if w.is_displayed()]) == 6
        )
        assert not browser.find_element(By.ID, "tools").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_lives_in_a_notebooks_frame(show, report):
    browser = show(
        report, content=b"<!doctype html><meta charset=utf-8>" + to_notebook(report).encode()
    )
    browser.switch_to.frame(0)
    assert len(shown(browser)) == 5
    browser.switch_to.default_content()
