"""Looks at the page of the real service with a real browser, while composes run on the rehearsal hub.

usage: service_live_peer.py PROGRAM CONFIG DIRECTORY    JSON on stdout: what was looked at, and what was wrong

CONFIG is a configuration of three images. DIRECTORY is empty,
and gets the hub's files, the service's state and the composes.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from selenium.webdriver.common.keys import Keys
from service_browser import Browser, Checks, hold

SETTINGS = """\
listen: {{address: 127.0.0.1, port: {port}}}
state_dir: {directory}/state
configs: [{configs}]
targets: {{iot: {{directory: {directory}/composes}}}}
profiles: [rehearsal]
koji_config: {directory}/koji.conf
limits: {{requests_per_minute: 12000}}
access: {{anonymous: none}}
"""


class Hub:
    """The rehearsal hub; the first build of one image fails."""

    def __init__(self, program, directory):
        self.process = subprocess.Popen(
            [program, "rehearsal-hub", "--root", str(directory / "hub"), "--task-seconds", "1-2",
             "--failing", "Fedora-IoT-ostree/x86_64*1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = ""
        # The profile's last line tells that the hub listens.
        while "poll_interval" not in said:
            line = self.process.stdout.readline()
            hold(line, f"the hub ended, and said {said}")
            said += line
        (directory / "koji.conf").write_text(said)


class Service:
    def __init__(self, program, config, directory):
        self.program, self.directory = program, directory
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.settings = directory / "service.yaml"
        self.settings.write_text(SETTINGS.format(port=self.port, directory=directory, configs=config.parent.parent))
        (directory / "composes").mkdir()
        self.environment = {**os.environ, "HOME": str(directory), "KOJI_USER": "rehearsal",
            "KOJI_PASSWORD": "rehearsal"}
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def token(self, name, role):
        made = subprocess.run(
            [self.program, "token", "create", "--settings", str(self.settings), "--role", role, name],
            capture_output=True, text=True, check=True, env=self.environment)
        return made.stdout.strip()

    def start(self):
        with open(self.directory / "service.log", "a") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", "--settings", str(self.settings)], stdout=log, stderr=log, env=self.environment,
                cwd=self.directory)
        end = time.monotonic() + 20
        while True:
            try:
                return urllib.request.urlopen(self.url + "readyz", timeout=2).read()
            except OSError:
                hold(time.monotonic() < end,
                    "the service does not begin: " + (self.directory / "service.log").read_text())
                time.sleep(0.05)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


ROWS = "return document.querySelectorAll('table.images tbody tr').length"
STATE = "return document.querySelector('.facts .state')?.textContent ?? ''"


def start_run(browser, config):
    browser.go("#/start")
    browser.until("the form", "return document.querySelector('select option[value=iot]')")
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


def planning(browser, config):
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
    hold("3 images, 6 tasks of arches" in browser.text(), "the plan's size")


def failing_run(browser, config):
    browser.press("Start")
    browser.until("the run", "return location.hash.startsWith('#/run/')", seconds=30)
    browser.until("three rows", ROWS + " === 3", seconds=30)
    browser.until("something is being built", "return document.querySelector('td .state.busy')", seconds=30)
    browser.until("a builder", "return [...document.querySelectorAll('td .sub')].some(e => e.textContent.includes('rehearsal-builder'))")
    browser.js("document.querySelectorAll('table.images tbody tr').forEach(row => { row.same = true })")
    state_is(browser, "DOOMED")
    hold(browser.js("return [...document.querySelectorAll('table.images tbody tr')].every(row => row.same)"),
        "rows were made anew")
    hold("rehearsal: nothing is built" in browser.text(), "that it is a rehearsal is said")
    browser.js("document.querySelector('nav.tabs a[href$=failures]').click()")
    browser.until("the failure", "return document.querySelector('.failure')")
    text = browser.text()
    hold("Fedora-IoT-ostree" in text and "The task in Koji" in text, f"the failure says {text[-800:]}")
    hold(browser.js("return document.querySelector('.failure .links a').href").find("taskinfo?taskID=") > 0,
        "the link into Koji")
    hold(browser.js("return document.querySelector('.failure pre.log')?.textContent.length > 20"), "the end of the log")
    for page, ready in (("timeline", ".lane .bar"), ("log", "pre.log")):
        browser.js(f"document.querySelector('nav.tabs a[href$={page}]').click()")
        browser.until(page, f"return document.querySelector('{ready}')")


def retried_run(browser):
    browser.press("Retry what failed")
    browser.answer("Build again")
    browser.until_text("What failed is being built again")
    state_is(browser, "FINISHED")
    browser.js("document.querySelector('nav.tabs a[href$=results]').click()")
    browser.until("the results", "return document.querySelectorAll('table.results tbody tr').length >= 6")
    browser.until("checksums", "return document.querySelector('.sum code')?.textContent.length === 64")


def canceled_run(browser, config):
    start_run(browser, config)
    browser.press("Start")
    browser.until("rows", ROWS + " === 3", seconds=30)
    browser.press("Cancel")
    browser.answer("Cancel the run")
    state_is(browser, "TERMINATED")


def killed_service(browser, service, config):
    start_run(browser, config)
    browser.press("Start")
    browser.until("something is being built", "return document.querySelector('td .state.busy')", seconds=30)
    browser.go("#/now")
    browser.until("the run", ROWS + " === 3")
    service.kill()
    browser.until_text("Not connected, trying again.")
    service.start()
    browser.until("it is back", "return !document.body.innerText.includes('Not connected')", seconds=30)
    browser.until("it has ended", "return document.body.innerText.includes('Nothing is running')", seconds=40)
    hold(browser.js("return document.querySelector('.runline .state').textContent").endswith("FINISHED"),
        "it ended well")


def history(browser):
    browser.go("#/nights")
    browser.until("the grid", "return document.querySelectorAll('td.cell').length >= 9")
    signs = browser.js("return [...new Set([...document.querySelectorAll('td.cell')].map(c => c.textContent))].sort().join('')")
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


def files(service):
    """Files that a browser has are not sent again, and all of them say what they may do."""
    for path in ("", "page/page.js", "page/page.css", "page/icon.svg"):
        with urllib.request.urlopen(service.url + path) as answer:
            tag, policy = answer.headers["ETag"], answer.headers["Content-Security-Policy"]
            hold("script-src 'self'" in policy and "unsafe" not in policy, f"{path}: {policy}")
            hold(answer.headers["X-Content-Type-Options"] == "nosniff", f"{path} may be taken for something else")
        try:
            urllib.request.urlopen(urllib.request.Request(service.url + path,
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
    program, config, directory = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    hub = Hub(program, directory)
    service = Service(program, config, directory)
    name = f"{config.parent.name}/{config.name}"
    checks = Checks()
    browser = None
    try:
        token = service.token("kevin", "operate")
        service.start()
        browser = Browser(service.url)
        checks.run("nobody sees anything, whoever has a token does", entering, browser, token)
        checks.run("what would be built is told before it is begun", planning, browser, name)
        checks.run("a run is watched to its end, and its failure explained", failing_run, browser, name)
        checks.run("what failed is built again", retried_run, browser)
        checks.run("a run is canceled", canceled_run, browser, name)
        checks.run("a service that was killed is found again, and its run goes on", killed_service, browser, service,
            name)
        checks.run("the nights and the curves have it", history, browser)
        checks.run("axe-core has nothing to say", looks, browser)
        checks.run("files are sent once", files, service)
        checks.run("nothing is said in the console, nothing comes from elsewhere", quiet, browser)
    finally:
        if browser:
            browser.quit()
        service.end()
        hub.process.terminate()
        hub.process.wait(10)
    json.dump(checks.all, sys.stdout, indent=1)


main()
