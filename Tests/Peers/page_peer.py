"""Looks at pages with a real browser: headless Chromium, driven by its own driver.

usage: page_peer.py DIRECTORY PAGE...    JSON on stdout; DIRECTORY gets the screenshots

For each page, at the width of a desktop and of a telephone, in light and in dark: what the console said, what was
requested, whether the page is wider than the window, which rules of axe-core it breaks, the contrast of its texts, and
what of it could run.
"""
import json
import pathlib
import sys

from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

# What runs in the page. Colours are those that were computed, with the backgrounds of all that is behind a text.
LOOK = r"""
const rgb = text => (text.match(/[\d.]+/g) || []).map(Number);
const luminance = c => c.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const behind = element => {
    for (let e = element; e; e = e.parentElement) {
        const c = rgb(getComputedStyle(e).backgroundColor);
        if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
};
const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
};
let least = { ratio: 100, text: "" };
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let texts = 0;
while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.trim()) continue;
    texts += 1;
    const ratio = contrast(rgb(getComputedStyle(node.parentElement).color), behind(node.parentElement));
    if (ratio < least.ratio) least = { ratio, text: node.textContent.trim().slice(0, 60) };
}
// Bars are no text: three to one is enough to see them.
let leastBar = 100;
for (const bar of document.querySelectorAll(".bar")) {
    leastBar = Math.min(leastBar, contrast(rgb(getComputedStyle(bar).color), behind(bar.parentElement)));
}
const all = [...document.querySelectorAll("*")];
return {
    width: document.documentElement.clientWidth,
    wide: document.documentElement.scrollWidth,
    texts, least, leastBar,
    bars: document.querySelectorAll(".bar").length,
    background: getComputedStyle(document.body).backgroundColor,
    scripts: document.querySelectorAll("script, iframe, object, embed, form, img, svg, base").length,
    handlers: all.filter(e => e.getAttributeNames().some(n => n.startsWith("on"))).length,
    schemes: [...new Set([...document.querySelectorAll("[href], [src]")].map(e => (e.href || e.src).split(":")[0]))],
    ran: typeof window.ran,
    title: document.title,
    overflowing: all.filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.tagName + "." + e.className).slice(0, 8),
    text: document.body.innerText,
};
"""


def browser():
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def requests(driver):
    """Addresses that the page asked for, but for files and data."""
    asked = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if not url.startswith(("file:", "data:", "about:")):
                asked.append(url)
    return asked


def main():
    directory = pathlib.Path(sys.argv[1])
    looks = []
    driver = browser()
    try:
        for number, page in enumerate(sys.argv[2:]):
            for width, height in ((1280, 900), (360, 740)):
                for scheme in ("light", "dark"):
                    driver.execute_cdp_cmd(
                        "Emulation.setDeviceMetricsOverride",
                        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
                    )
                    driver.execute_cdp_cmd(
                        "Emulation.setEmulatedMedia",
                        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
                    )
                    driver.get(pathlib.Path(page).absolute().as_uri())
                    look = driver.execute_script(LOOK)
                    violations = Axe().run(driver)["violations"]
                    whole = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["height"]
                    driver.execute_cdp_cmd(
                        "Emulation.setDeviceMetricsOverride",
                        {"width": width, "height": min(int(whole) + 1, 12000), "deviceScaleFactor": 1,
                         "mobile": width < 500},
                    )
                    shot = directory / f"{number}-{width}-{scheme}.png"
                    driver.save_screenshot(str(shot))
                    look.update(
                        page=page, window=width, scheme=scheme, shot=str(shot), bytes=shot.stat().st_size,
                        console=[entry["message"] for entry in driver.get_log("browser")],
                        requests=requests(driver),
                        violations=[
                            f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in violations
                        ],
                    )
                    looks.append(look)
    finally:
        driver.quit()
    json.dump(looks, sys.stdout)


main()
