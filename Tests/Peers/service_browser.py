"""A headless Chromium that looks at the page of the service, with what its tests ask of it again and again."""
import json
import time

from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

# Before any script of the page: what it does wrong is counted, and how long it holds up the browser.
WATCH = """
window.longest = 0;
window.rejected = [];
addEventListener("error", event => window.rejected.push(String(event.message)));
addEventListener("unhandledrejection", event => window.rejected.push(String(event.reason)));
document.addEventListener("securitypolicyviolation",
    event => window.rejected.push("policy: " + event.violatedDirective));
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
}).observe({ type: "longtask" });
"""


class Browser:
    def __init__(self, url):
        self.url = url
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--disable-dev-shm-usage"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_script_timeout(30)
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        self.said = []
        self.window()

    def window(self, width=1280, height=900, scheme="light"):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def load(self, place="#/now"):
        """The page anew, as whoever opens it gets it."""
        self.driver.get("about:blank")
        self.driver.get(self.url + place)

    def go(self, place):
        """Another view of the page that is open."""
        self.js("location.hash = arguments[0]", place)

    def until(self, what, script, *arguments, seconds=30):
        """Waits until `script` gives something that is true, and gives it."""
        end = time.monotonic() + seconds
        while True:
            if value := self.js(script, *arguments):
                return value
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what}; the page says: {self.text()[:600]}")
            time.sleep(0.05)

    def until_text(self, text, seconds=30):
        self.until(text, "return document.body.innerText.includes(arguments[0])", text, seconds=seconds)

    def text(self):
        return self.js("return document.body ? document.body.innerText : ''")

    def button(self, name, inside="document"):
        """A button that is shown, by its words; None where there is none."""
        return self.js(
            f"return [...{inside}.querySelectorAll('button')]"
            ".find(b => b.textContent === arguments[0] && b.checkVisibility())",
            name)

    def press(self, name, inside="document"):
        self.until(f"the button {name}", f"return [...{inside}.querySelectorAll('button')]"
                   ".some(b => b.textContent === arguments[0] && b.checkVisibility() && !b.ariaDisabled)", name)
        self.button(name, inside).click()

    def answer(self, name):
        """Presses a button of the dialog that is open."""
        self.until("a dialog", "return document.querySelector('dialog[open]')")
        self.press(name, "document.querySelector('dialog')")

    def keys(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, script, most=60, key=Keys.TAB):
        """Tabs until the focused element is one for which `script` (with `e`) holds; how often it took."""
        for count in range(1, most + 1):
            self.keys(key)
            if self.js(f"const e = document.activeElement; return Boolean({script})"):
                return count
        raise AssertionError(f"no way by the Tab key to {script}")

    def log_in(self, token):
        self.js("location.hash = '#/login'")
        self.until("the form", "return document.querySelector('#token')")
        self.driver.find_element("id", "token").send_keys(token, Keys.ENTER)
        self.until(
            "the session",
            "return [...document.querySelectorAll('#account button')].some(b => b.textContent === 'Log out')")

    def violations(self, rules=None):
        """What axe-core complains of; of all its rules, or of some."""
        options = {"runOnly": {"type": "rule", "values": rules}} if rules else None
        found = Axe().run(self.driver, options=options)["violations"]
        return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found]

    def console(self):
        """What the console and the page's own scripts have complained of since the last time.

        Chromium notes each answer with a status of 4xx and each refused connection: those are what the tests ask for.
        """
        said = [entry["message"] for entry in self.driver.get_log("browser") if entry["source"] != "network"]
        return said + self.js("return window.rejected ?? []")

    def requests(self):
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        return [url for url in asked if not url.startswith(("data:", "about:"))]

    def shot(self, path):
        self.driver.save_screenshot(str(path))

    def quit(self):
        self.driver.quit()


class Checks:
    """What was looked at, in words, and whether it held; one that fails holds up no other."""

    def __init__(self):
        self.all = []

    def run(self, name, body, *arguments):
        begin = time.monotonic()
        try:
            body(*arguments)
            trouble = None
        except Exception as error:  # noqa: BLE001, whatever it is belongs into the answer
            trouble = f"{type(error).__name__}: {error}"[:1500]
        self.all.append({"name": name, "trouble": trouble, "seconds": round(time.monotonic() - begin, 2)})


def hold(condition, words):
    if not condition:
        raise AssertionError(words)
