"""Looks at the page of the real service with a real browser, while composes run on the rehearsal hub.

usage: service_live_peer.py PROGRAM DIRECTORY [IMAGES]    JSON on stdout: what was looked at, and what was wrong

DIRECTORY is empty, and gets the hub's files, the service's state and the composes. IMAGES: of each compose, else 3.
"""
import json
import pathlib
import sys
import urllib.error
import urllib.request

from selenium.webdriver.common.keys import Keys
from service_browser import Browser, Checks, hold
from service_world import World

MORE = """access: {anonymous: none}
schedules:
  - {name: nightly, config: c0.conf, target: main, calendar: "*-*-* 03:00", time_zone: UTC}
"""
ROWS = "return document.querySelectorAll('table.images tbody tr').length"
STATE = "return document.querySelector('.facts .state')?.textContent ?? ''"


def start_run(browser, config):
    browser.go("#/start")
    browser.until("the form", "return document.querySelector('select option[value=main]')")
    browser.driver.find_element("name", "config").send_keys(config)
    browser.js("const t = document.querySelector('select[name=type]'); t.value = 'nightly';"
               "t.dispatchEvent(new Event('input', { bubbles: true }))")


def state_is(browser, word, seconds=40):
    browser.until(f"the state {word}", STATE + f".includes('{word}')", seconds=seconds)


def entering(browser, token):
    browser.load("#/now")
    browser.until("the login", "return document.querySelector('#token')")
    browser.driver.find_element("id", "token").send_keys("not-a-token", Keys.ENTER)
    browser.until("a refusal", "return document.querySelector('.problem')")
    browser.driver.find_element("id", "token").clear()
    browser.log_in(token)
    browser.until_text("Nothing is running")


def planning(browser, config, images):
    start_run(browser, "gone.conf")
    browser.press("Plan")
    browser.until("what is wrong at the field", "return document.querySelector('[name=config][aria-invalid]')")
    field = browser.driver.find_element("name", "config")
    field.clear()
    field.send_keys(config)
    browser.press("Validate")
    browser.until_text("Validation", seconds=30)
    browser.press("Plan")
    browser.until_text("What is submitted", seconds=30)
    hold(f"{images} images, {2 * images} tasks of arches" in browser.text(), "the plan's size")


def failing_run(browser, images):
    browser.press("Start")
    browser.until("the run", "return location.hash.startsWith('#/run/')", seconds=30)
    browser.until("its rows", ROWS + f" === {images}", seconds=30)
    browser.until("something is being built", "return document.querySelector('td .state.busy')", seconds=30)
    browser.until("a builder", "return [...document.querySelectorAll('td .sub')]"
                  ".some(e => e.textContent.includes('rehearsal-builder'))")
    browser.js("document.querySelectorAll('table.images tbody tr').forEach(row => { row.same = true })")
    state_is(browser, "DOOMED")
    hold(browser.js("return [...document.querySelectorAll('table.images tbody tr')].every(row => row.same)"),
        "rows were made anew")
    hold("rehearsal: nothing is built" in browser.text(), "that it is a rehearsal is said")
    browser.js("document.querySelector('nav.tabs a[href$=failures]').click()")
    browser.until("the failure", "return document.querySelector('.failure')")
    text = browser.text()
    hold("Image-001" in text and "The task in Koji" in text, f"the failure says {text[-800:]}")
    hold(browser.js("return document.querySelector('.failure .links a').href").find("taskinfo?taskID=") > 0,
        "the link into Koji")
    hold(browser.js("return document.querySelector('.failure pre.log')?.textContent.length > 20"), "the end of the log")
    for page, ready in (("timeline", ".lane .bar"), ("log", "pre.log")):
        browser.js(f"document.querySelector('nav.tabs a[href$={page}]').click()")
        browser.until(page, f"return document.querySelector('{ready}')")


def retried_run(browser, images):
    browser.press("Retry what failed")
    browser.answer("Build again")
    browser.until_text("What failed is being built again")
    state_is(browser, "FINISHED")
    browser.js("document.querySelector('nav.tabs a[href$=results]').click()")
    browser.until("the results", f"return document.querySelectorAll('table.results tbody tr').length >= {2 * images}")
    browser.until("checksums", "return [...document.querySelectorAll('.sum code')]"
                  ".some(sum => sum.textContent.length === 64)")


def canceled_run(browser, config, images):
    start_run(browser, config)
    browser.press("Start")
    browser.until("rows", ROWS + f" === {images}", seconds=30)
    browser.press("Cancel")
    browser.answer("Cancel the run")
    state_is(browser, "TERMINATED")


def killed_service(browser, world, images):
    """Three composes side by side, seen by one page that is never loaded anew."""
    runs = [world.start(number)["id"] for number in range(3)]
    browser.go("#/now")
    browser.until("three tables", ROWS + f" === {3 * images}", seconds=60)
    browser.js("document.body.same = true")
    browser.until("something is being built", "return document.querySelector('td .state.busy')", seconds=60)
    world.kill()
    browser.until_text("Not connected, trying again.")
    world.begin()
    browser.until("it is back", "return !document.body.innerText.includes('Not connected')", seconds=60)
    browser.until("all have ended", "return document.body.innerText.includes('Nothing is running')", seconds=300)
    states = browser.js("""
        const lately = [...document.querySelectorAll('section')].find(s => s.innerText.startsWith('Ended lately'));
        return [...lately.querySelectorAll('.runline .state')].slice(0, 3).map(state => state.textContent)""")
    hold(all(state.endswith("FINISHED") for state in states), f"they ended as {states}")
    counts = [world.run(run)["counts"] for run in runs]
    hold(all(count["done"] == count["all"] == images for count in counts), f"not all images are there: {counts}")
    hold(browser.js("return document.body.same === true"), "the page was loaded anew")


def schedules(browser, images):
    browser.go("#/schedules")
    browser.until("the schedule", "return document.querySelectorAll('.cards .card').length === 1")
    browser.press("Pause", "document.querySelector('.cards')")
    browser.answer("Pause")
    browser.until_text("paused: none by itself")
    browser.press("Take up again")
    browser.until("it is in order", "return !document.body.innerText.includes('paused: none')")
    browser.press("Start now")
    browser.answer("Start")
    browser.until("its run", "return location.hash.startsWith('#/run/')")
    browser.until("its rows", ROWS + f" === {images}")
    state_is(browser, "FINISHED")
    hold("schedule nightly" in browser.text(), "the run says whose it is")
    browser.go("#/schedules")
    browser.until_text("ended FINISHED")


def history(browser):
    browser.go("#/nights")
    browser.until("the grid", "return document.querySelectorAll('td.cell').length >= 9")
    signs = browser.js("return [...document.querySelectorAll('td.cell')].map(c => c.textContent).join('')")
    hold("✓" in signs and "–" in signs, f"done and canceled: {signs}")
    browser.go("#/curves")
    browser.until("curves", "return document.querySelectorAll('svg.chart .point').length > 1")
    browser.go("#/runs?status=TERMINATED")
    browser.until("one run", "return document.querySelectorAll('.runline').length === 1")


def looks(browser):
    """What axe-core says, where the data are the real service's."""
    for place in ("#/now", "#/nights", "#/curves", "#/schedules", "#/run/1", "#/run/1/results", "#/run/1/timeline"):
        browser.go(place)
        browser.until(place, "return document.querySelector('#main h1') && !document.querySelector('[aria-busy]')")
        violations = browser.violations()
        hold(not violations, f"{place}: {violations}")
    browser.press("Log out")
    browser.until("the login", "return document.querySelector('#token')")


def files(url):
    """Files that a browser has are not sent again, and all of them say what they may do."""
    for path in ("", "page/page.js", "page/page.css", "page/icon.svg"):
        with urllib.request.urlopen(url + path) as answer:
            tag, policy = answer.headers["ETag"], answer.headers["Content-Security-Policy"]
            hold("script-src 'self'" in policy and "unsafe" not in policy, f"{path}: {policy}")
            hold(answer.headers["X-Content-Type-Options"] == "nosniff", f"{path} may be taken for something else")
        try:
            urllib.request.urlopen(urllib.request.Request(url + path,
                headers={"If-None-Match": f'"old", {tag}'}))
            raise AssertionError(f"{path} is sent again")
        except urllib.error.HTTPError as error:
            hold(error.code == 304, f"{path}: {error.code}")


def quiet(browser):
    said = browser.console()
    hold(not said, f"the console says {said[:5]}")
    strangers = {url for url in browser.requests() if not url.startswith(browser.url)}
    hold(not strangers, f"it asks for {strangers}")


def main():
    program, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    images = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    # The first build of one image fails.
    world = World(
        program, directory, composes=3, images=images, seconds="1-2", more=MORE,
        hub_options=["--failing", "Image-001/x86_64*1"])
    checks = Checks()
    browser = None
    try:
        world.begin()
        url = f"http://127.0.0.1:{world.port}/"
        browser = Browser(url)
        token = world.token("operate")
        checks.run("nobody sees anything, whoever has a token does", entering, browser, token)
        checks.run("what would be built is told before it is begun", planning, browser, "c0.conf", images)
        checks.run("a run is watched to its end, and its failure explained", failing_run, browser, images)
        checks.run("what failed is built again", retried_run, browser, images)
        checks.run("a run is canceled", canceled_run, browser, "c0.conf", images)
        checks.run("a service that was killed is found again, and three runs go on", killed_service, browser, world,
                   images)
        checks.run("a schedule is paused, taken up again and started", schedules, browser, images)
        checks.run("the nights and the curves have it", history, browser)
        checks.run("axe-core has nothing to say", looks, browser)
        checks.run("files are sent once", files, url)
        checks.run("nothing is said in the console, nothing comes from elsewhere", quiet, browser)
    finally:
        if browser:
            browser.quit()
        world.end()
    json.dump(checks.all, sys.stdout, indent=1)


main()
