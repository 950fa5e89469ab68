"""Looks at the page of the service with a real browser, at a stand-in of the service.

usage: service_page_peer.py PAGE_FOLDER DOCUMENTS [SHOTS]    JSON on stdout: what was looked at, and what was wrong

DOCUMENTS: a JSON file with what plan, validate and preflight answer. SHOTS gets the screenshots of docs/page.md.
"""
import json
import pathlib
import sys
import time

from selenium.webdriver.common.keys import Keys
from service_browser import Browser, Checks, hold
from service_mock import Mock

VIEWS = {
    "now": ("#/now", "return document.querySelectorAll('table.images tbody tr').length > 5"),
    "runs": ("#/runs", "return document.querySelectorAll('.runline').length > 4"),
    "run": ("#/run/43", "return document.querySelectorAll('table.images tbody tr').length > 5"),
    "timeline": ("#/run/42/timeline", "return document.querySelector('.lane .bar')"),
    "failures": ("#/run/42/failures", "return document.querySelector('.failure')"),
    "results": ("#/run/42/results", "return document.querySelector('table.results tbody tr')"),
    "log": ("#/run/42/log", "return document.querySelector('pre.log')"),
    "hostile": ("#/run/45/failures", "return document.querySelector('.failure')"),
    "nights": ("#/nights", "return document.querySelector('td.cell')"),
    "curves": ("#/curves", "return document.querySelectorAll('svg.chart').length === 2"),
    "schedules": ("#/schedules", "return document.querySelectorAll('.cards .card').length === 2"),
    "start": ("#/start", "return document.querySelector('select option[value=iot]')"),
    "login": ("#/login", "return document.querySelector('#token')"),
}


def roles(browser, mock, shots):
    mock.anonymous = "none"
    browser.load("#/now")
    browser.until("the login", "return document.querySelector('#token')")
    hold("Running" not in browser.text(), "runs are shown to nobody")
    browser.driver.find_element("id", "token").send_keys("wrong", Keys.ENTER)
    browser.until_text("This token is not known: it may have been revoked")
    if shots:
        browser.shot(shots / "login.png")
    browser.driver.find_element("id", "token").clear()
    browser.log_in("token-of-eve")
    browser.until_text("Fedora-IoT-44-20261123.n.0")
    hold(browser.js("return location.hash") == "#/now", "login leads to what runs")
    hold("Start" not in browser.js("return document.querySelector('#views').innerText"), "eve does not start")
    browser.go("#/run/43")
    browser.until(*("the run", VIEWS["run"][1]))
    hold(browser.button("Cancel") is None, "eve cancels nothing")
    browser.go("#/run/42")
    browser.until_text("DOOMED")
    hold(browser.button("Retry what failed") is None, "eve retries nothing")
    browser.go("#/schedules")
    browser.until("schedules", VIEWS["schedules"][1])
    hold(browser.button("Pause") is None and browser.button("Start now") is None, "eve pauses nothing")
    browser.go("#/start")
    browser.until_text("Your role does not start runs")
    browser.press("Log out")
    browser.until("the login", "return document.querySelector('#token')")
    browser.log_in("token-of-eve")
    browser.until_text("Fedora-IoT-44-20261123.n.0")
    mock.revoke("token-of-eve")
    browser.until("the login, once the token is revoked", "return document.querySelector('#token')")
    hold("Fedora-IoT" not in browser.text(), "runs are shown to whoever may no more")
    mock.anonymous = "read"


def operating(browser, mock):
    browser.load("#/login")
    browser.log_in("token-of-kevin")
    browser.go("#/schedules")
    browser.press("Pause", "document.querySelector('.cards')")
    browser.answer("Back")
    hold(not mock.asked, "a question that was answered with no did something")
    browser.press("Pause", "document.querySelector('.cards')")
    browser.answer("Pause")
    browser.until_text("paused: none by itself")
    browser.press("Take up again")
    browser.until("it is in order", "return !document.body.innerText.includes('paused: none')")
    browser.go("#/run/42")
    browser.press("Retry what failed")
    browser.until("the dialog", "return document.querySelector('dialog[open] input')")
    browser.js("document.querySelector('dialog input').value = '2'")
    browser.answer("Build again")
    browser.until_text("What failed is being built again")
    browser.until("it runs", "return document.querySelector('.facts .state').textContent.includes('running')")
    browser.press("Cancel")
    browser.answer("Cancel the run")
    browser.until("it has ended", "return document.querySelector('.facts .state').textContent.includes('TERMINATED')")
    asked = [(one["route"], one["body"]) for one in mock.asked]
    hold(asked == [
        ("schedules/iot/pause", {}), ("schedules/iot/unpause", {}), ("runs/42/retry", {"new_release": "2"}),
        ("runs/42/cancel", {}),
    ], f"asked was {asked}")


def starting(browser, mock):
    mock.asked.clear()
    browser.go("#/start")
    browser.until("the form", VIEWS["start"][1])
    browser.press("Start")
    hold(not mock.asked, "a form without a configuration was sent")
    field = browser.driver.find_element("name", "config")
    field.send_keys("gone.conf")
    browser.press("Start")
    browser.until_text("and this is wrong with no field")
    hold(field.get_attribute("aria-invalid") == "true", "the field says that it is wrong")
    hold(browser.js("return document.activeElement.name") == "config", "what is wrong has the focus")
    browser.until_text("no configuration of this name lies below the roots")
    browser.press("Start")
    browser.until("an answer", "return !document.querySelector('[aria-disabled=true]')")
    field.clear()
    field.send_keys("fedora-iot.conf")
    browser.driver.find_element("name", "only").send_keys("*/Fedora-IoT-raw/*,x86_64\nFedora-Server")
    browser.driver.find_element("name", "label").send_keys("RC-1.2")
    browser.driver.find_element("name", "scratch").click()
    browser.press("Validate")
    browser.until_text("Validation")
    browser.press("Preflight")
    browser.until_text("Preflight")
    browser.press("Plan")
    browser.until_text("What is submitted")
    hold("Fedora-IoT-raw" in browser.text(), "the plan names its images")
    browser.press("Start")
    browser.until_text("Fedora-IoT-44-20261123.n.1")
    hold(browser.js("return location.hash").startswith("#/run/"), "the run that was started is shown")
    wanted = {
        "config": "fedora-iot.conf", "target": "iot", "label": "RC-1.2",
        "only": ["*/Fedora-IoT-raw/*,x86_64", "Fedora-Server"],
        "scratch": True,
    }
    starts = [one for one in mock.asked if one["route"] == "runs"]
    hold(starts[-1]["body"] == wanted, f"sent was {starts[-1]['body']}")
    hold([one["body"] for one in mock.asked if one["route"] == "plan"] == [wanted], "the plan is of the same request")
    keys = [one["key"] for one in starts]
    hold(len(keys) == 3 and keys[0] == keys[1] and keys[1] != keys[2] and all(len(key) == 32 for key in keys),
         f"one key for each filling of the form: {keys}")


def keyboard(browser, mock):
    browser.load("#/now")
    browser.until("runs", VIEWS["now"][1])
    browser.tab_to("e.id === 'skip'", 1)
    browser.keys(Keys.ENTER)
    hold(browser.js("return document.activeElement.id") == "main", "the skip link leads to the content")
    browser.load("#/now")
    browser.until("runs", VIEWS["now"][1])
    browser.tab_to("e.textContent === 'Nights'", 6)
    outline = browser.js("return getComputedStyle(document.activeElement).outlineStyle")
    hold(outline == "solid", f"what has the focus is seen: {outline}")
    browser.keys(Keys.ENTER)
    browser.until("the grid", VIEWS["nights"][1])
    hold(browser.js("return document.activeElement.tagName + document.activeElement.textContent") == "H1Nights",
         "the new view's heading has the focus")
    browser.tab_to("e.matches('td.cell')", 60)
    first = browser.js("return document.activeElement.getAttribute('aria-label')")
    browser.keys(Keys.ARROW_LEFT, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    second = browser.js("return document.activeElement.getAttribute('aria-label')")
    hold(first != second and ", 20" in second, f"arrows move: {first} to {second}")
    hold(browser.js("return document.querySelectorAll('td.cell[tabindex=\"0\"]').length") == 1,
        "the grid is one tab stop")
    browser.keys(Keys.ENTER)
    browser.until("the run", "return location.hash.endsWith('/failures')")
    browser.go("#/run/43")
    browser.until("the run", VIEWS["run"][1])
    browser.tab_to("e.textContent === 'Cancel'", 20)
    browser.keys(Keys.ENTER)
    browser.until("the dialog", "return document.querySelector('dialog[open]')?.contains(document.activeElement)")
    browser.keys(Keys.ESCAPE)
    browser.until("it is closed", "return !document.querySelector('dialog')")
    hold(browser.js("return document.activeElement.textContent") == "Cancel", "the focus is back where it was")
    hold(not any(one["route"] == "runs/43/cancel" for one in mock.asked), "Escape cancels nothing")


def away(browser, mock, shots):
    browser.load("#/now")
    browser.until("runs", VIEWS["now"][1])
    mock.go()
    browser.until_text("Not connected, trying again.")
    hold(browser.js("return document.querySelector('#connection').getAttribute('aria-live')") == "polite",
        "it is said politely")
    hold("Fedora-IoT-44-20261123.n.0" in browser.text(), "what was known stays")
    if shots:
        browser.shot(shots / "not-connected.png")
    image = mock.data.images[43][0]
    image["state"] = "failed"
    image["reason"] = "while nobody looked"
    mock.data.count(43)
    browser.press("Try now")
    browser.until_text("Not connected, trying again.")
    mock.come()
    browser.until("it is back", "return !document.body.innerText.includes('Not connected')", seconds=20)
    browser.until_text("while nobody looked", seconds=20)
    image["reason"] = "after it came back"
    mock.change(43, [image])
    browser.until_text("after it came back")


def side_by_side(browser, mock):
    """More runs than a browser has streams for: all of them move."""
    numbers = (61, 62, 63)
    for number in numbers:
        run = mock.data.make_run(number, f"Fedora-{number}-20261123.n.0", "running", images=40)
        mock.tell("run", {"run": run})
    for run in list(mock.data.runs.values()):
        if run["state"] == "running" and run["id"] not in numbers:
            mock.end(run["id"], "FINISHED", "done")
    browser.load("#/now")
    browser.until("three tables", "return document.querySelectorAll('table.images tbody tr').length === 120")
    # Streams that a page before has left are noticed when they are next written to.
    end = time.monotonic() + 10
    while len(mock.streams) != 3:
        hold(time.monotonic() < end, f"{len(mock.streams)} streams are open; a browser has six for all its tabs")
        time.sleep(0.05)
    for number in numbers:
        image = mock.data.images[number][0]
        image["reason"] = f"news of {number}"
        mock.change(number, [image])
    for number in numbers:
        # Rows out of sight are not laid out, and have no text that is shown.
        browser.until(f"news of {number}", "return document.body.textContent.includes(arguments[0])",
            f"news of {number}")
    for number in numbers:
        mock.end(number, "FINISHED", "done")
    browser.until_text("Nothing is running")
    for number in numbers:
        del mock.data.runs[number], mock.data.images[number]


def crowd(browser, mock):
    run = mock.data.make_run(60, "Fedora-44-20261123.n.5", "running", images=500, weights=(2, 5, 4, 1, 1))
    mock.tell("run", {"run": run})
    browser.load("#/run/60")
    rows = "return document.querySelectorAll('table.images tbody tr').length"
    browser.until("500 rows", rows + " === 500")
    browser.js("window.longest = 0;"
               "document.querySelectorAll('table.images tbody tr').forEach(row => { row.same = true })")
    going = [image for image in mock.data.images[60] if image["state"] == "open"]
    for image in going[:40]:
        image["state"] = "done"
        for arch in image["arches"]:
            arch.update(state="done", elapsed=900, ended=mock.data.begin)
        mock.change(60, [image])
    last = going[39]
    done = mock.data.runs[60]["counts"]["done"]
    browser.until_text(f"{done} done")
    browser.until("the last change", "return [...document.querySelectorAll('table.images tbody tr')]"
                  ".find(r => r.querySelector('.name').textContent === arguments[0]).textContent.includes('done')",
                  last["id"])
    hold(browser.js("return [...document.querySelectorAll('table.images tbody tr')].every(row => row.same)"),
        "rows were made anew")
    longest = browser.js("return window.longest")
    hold(longest < 1500, f"the page stood still for {longest} ms")
    visible = "return [...document.querySelectorAll('table.images tbody tr')].filter(r => r.checkVisibility()).length"
    fill = ("const field = document.querySelector(arguments[0]); field.value = arguments[1];"
            "field.dispatchEvent(new Event(arguments[2]))")
    browser.js(fill, ".filter select", "good", "change")
    hold(browser.js(visible) == done, f"{browser.js(visible)} are shown as done, and {done} are")
    browser.js(fill, ".filter select", "all", "change")
    browser.js(fill, ".filter input", last["id"], "input")
    hold(browser.js(visible) == 1, f"the filter shows {browser.js(visible)}")
    browser.js("location.hash = '#/run/60/timeline'")
    browser.until("lanes", "return document.querySelectorAll('.lane').length > 1000", seconds=20)
    del mock.data.runs[60], mock.data.images[60]


def look(browser, mock, name, shots):
    place, ready = VIEWS[name]
    browser.load(place)
    browser.until(name, ready)
    if name == "start":
        browser.driver.find_element("name", "config").send_keys("fedora-iot.conf")
        browser.press("Plan")
        browser.until_text("What is submitted")
    papers = set()
    # Dark differs from light in its colours only.
    for scheme, rules in (("light", None), ("dark", ["color-contrast"])):
        browser.window(1280, 900, scheme)
        violations = browser.violations(rules)
        hold(not violations, f"{scheme}: {violations}")
        papers.add(browser.js("return getComputedStyle(document.body).backgroundColor"))
        if shots:
            browser.shot(shots / f"{name}-{scheme}.png")
    hold(len(papers) == 2, f"light and dark are one: {papers}")
    browser.window(320, 720)
    wide = browser.js("return document.documentElement.scrollWidth")
    hold(wide <= 320, f"it is {wide} wide on a telephone")
    small = browser.js("""
        return [...document.querySelectorAll('button, input, select')].filter(e => e.checkVisibility()
            && !e.closest('td')
            && e.getBoundingClientRect().height < 24 && e.type !== 'checkbox').map(e => e.outerHTML.slice(0, 80))""")
    hold(not small, f"too small for a finger: {small}")
    if shots:
        browser.window(320, 1280)
        browser.shot(shots / f"{name}-phone.png")
    browser.window()
    facts = browser.js("""return {
        ran: typeof window.ran, h1: document.querySelectorAll('h1').length, title: document.title,
        schemes: [...new Set([...document.querySelectorAll('[href]')].map(e => new URL(e.href.baseVal ?? e.href,
            document.baseURI).protocol))],
        text: document.body.innerText }""")
    hold(facts["ran"] == "undefined", "a script of somebody else's ran")
    hold(facts["h1"] == 1 and facts["title"].endswith("phase-runner"), f"{facts['h1']} headings, {facts['title']}")
    hold(set(facts["schemes"]) <= {"http:", "https:"}, f"links of {facts['schemes']}")
    hold("\u202e" not in facts["text"] and "\u001b" not in facts["text"],
        "signs that turn the writing around are shown")
    if name == "hostile":
        hold("<script>window.ran = 1</script>" in facts["text"] and "\\u{202e}" in facts["text"], "it is shown as text")
        hold(browser.js("return document.querySelectorAll('.failure a').length") == 0, "no link to javascript:")


def quiet(browser):
    said = browser.console()
    hold(not said, f"the console says {said[:5]}")
    asked = {url for url in browser.requests() if not url.startswith(browser.url)}
    hold(not asked, f"it asks for {asked}")


def main():
    folder, documents = sys.argv[1], json.loads(pathlib.Path(sys.argv[2]).read_text())
    shots = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    mock = Mock(folder, documents)
    browser = Browser(mock.url)
    checks = Checks()
    try:
        checks.run("who may not, sees no buttons", roles, browser, mock, shots)
        checks.run("cancel, retry and pause ask first and do it once", operating, browser, mock)
        checks.run("a run is validated, planned and started", starting, browser, mock)
        checks.run("everything goes by keyboard", keyboard, browser, mock)
        checks.run("a service that was away is found again", away, browser, mock, shots)
        checks.run("runs side by side move, though there are more than streams", side_by_side, browser, mock)
        checks.run("five hundred images move as five do", crowd, browser, mock)
        checks.run("nothing is said in the console, nothing comes from elsewhere", quiet, browser)
        mock.data = type(mock.data)()
        for name in VIEWS:
            checks.run(f"the view {name} in light, dark and on a telephone", look, browser, mock, name, shots)
        checks.run("nothing is said in the console of any view", quiet, browser)
    finally:
        browser.quit()
    json.dump(checks.all, sys.stdout, indent=1)


main()
