#!/usr/bin/python3
"""Opens a page in headless Chromium and looks at it as a reader would.

Usage: page.py check PAGE [FIGURES.json]     everything below; FIGURES: rf-eval --json --all
       page.py shots PAGE FOLDER             light, dark, narrow and printed, in pieces

check: nothing on the console and nothing asked from the network; no text of less than 4.5:1 to what
it stands on, in either theme (WCAG 2.1, 1.4.3, computed from the pixels that the browser would
paint: colours mixed by the browser itself); nothing wider than 360 px; every link, fold, scrolled
part and the matrix reached by Tab; arrows move in the matrix; figures equal to FIGURES'.

Chromium is spoken to through its pipe (--remote-debugging-pipe): messages of JSON, each ended by a
zero byte, in on descriptor 3 and out on 4.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

SHOT = 1500  # pixels of height of a picture
NAMES = ("chromium", "chromium-browser", "google-chrome")


class Browser:
    def __init__(self):
        program = next(filter(None, map(shutil.which, NAMES)))
        self.folder = tempfile.mkdtemp()
        to_read, self.to = os.pipe()
        self.back, back_write = os.pipe()

        def place():
            # Out of the way first: the pipes' own numbers may be 3 and 4.
            read, write = os.dup(to_read), os.dup(back_write)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe",
             f"--user-data-dir={self.folder}", "about:blank"],
            preexec_fn=place, close_fds=False, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        os.close(to_read)
        os.close(back_write)
        self.number, self.bytes, self.events, self.session = 0, b"", [], None

    def message(self):
        while b"\0" not in self.bytes:
            more = os.read(self.back, 1 << 16)
            if not more:
                raise EOFError("the browser ended")
            self.bytes += more
        text, self.bytes = self.bytes.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        call = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            call["sessionId"] = self.session
        data = json.dumps(call).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        while True:
            message = self.message()
            if message.get("id") == self.number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def open(self, page):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url="file://" + os.path.abspath(page))
        while not any(e["method"] == "Page.loadEventFired" for e in self.events):
            self.events.append(self.message())

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True,
                           awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def theme(self, name, media=""):
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": name}])

    def width(self, pixels, height=900):
        self.call("Emulation.setDeviceMetricsOverride", width=pixels, height=height,
                  deviceScaleFactor=1, mobile=False)

    def key(self, key):
        for kind in ("rawKeyDown", "keyUp"):
            code = {"Tab": 9, "ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40}[key]
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code)

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
        except (EOFError, BrokenPipeError):
            pass
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


OPEN_FOLDS = "document.querySelectorAll('details').forEach(d => d.open = true)"

CONTRAST = """(() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const pen = canvas.getContext('2d', {willReadFrequently: true});
    const seen = new Map();
    // What is seen where `colours` lie on each other, the last one on top.
    const paint = colours => {
        const key = colours.join('|');
        if (!seen.has(key)) {
            pen.clearRect(0, 0, 1, 1);
            for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
            seen.set(key, [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3));
        }
        return seen.get(key);
    };
    const light = rgb => {
        const [r, g, b] = rgb.map(v => v / 255).map(v =>
            v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const grounds = element => {
        const list = [];
        for (let e = element; e; e = e.parentElement) list.unshift(getComputedStyle(e).backgroundColor);
        return list;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let least = 99, what = '', count = 0;
    while (walker.nextNode()) {
        const node = walker.currentNode, element = node.parentElement;
        if (!node.textContent.trim() || ['SCRIPT', 'STYLE', 'TITLE'].includes(element.tagName)) continue;
        const style = getComputedStyle(element), svg = element.namespaceURI.endsWith('svg');
        if (style.fontSize === '0px' || style.visibility === 'hidden') continue;
        const under = grounds(element);
        const ground = light(paint(under));
        const ink = light(paint([...under, svg ? style.fill : style.color]));
        const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
        count++;
        if (contrast < least) { least = contrast; what = element.tagName + ': ' + node.textContent.slice(0, 40); }
    }
    return [least, what, count];
})()"""

WIDEST = """(() => {
    // What lies in a part that scrolls by itself does not widen the page.
    const out = [...document.querySelectorAll('body *')].filter(e =>
        !e.closest('.scroll') || e.classList.contains('scroll')).map(e =>
        [e.getBoundingClientRect().right, e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 30)])
        .sort((a, b) => b[0] - a[0])[0];
    return [document.documentElement.scrollWidth, out];
})()"""

CONTROLS = """(() => {
    const list = [...document.querySelectorAll('a[href], summary, button, input, select, [tabindex="0"]')]
        .filter(e => e.checkVisibility());
    list.forEach((e, i) => e.dataset.control = i);
    return list.length;
})()"""


def check_theme(browser, theme):
    browser.theme(theme)
    least, what, count = browser.run(CONTRAST)
    assert count > 20, count
    assert least >= 4.5, (theme, least, what)
    return f"{theme} {least:.1f}:1"


def check_tabs(browser):
    count = browser.run(CONTROLS)
    seen = set()
    browser.run("document.activeElement.blur(), scrollTo(0, 0)")
    # Parts that scroll are stops of the browser's own.
    for _ in range(2 * count + 5):
        browser.key("Tab")
        seen.add(browser.run("document.activeElement.dataset.control || ''"))
    seen.discard("")
    assert len(seen) == count, (len(seen), count)
    return count


def check_matrix(browser):
    if not browser.run("!!document.querySelector('.matrix')"):
        return
    browser.run("document.querySelector('.matrix td[tabindex=\"0\"]').focus()")
    first = browser.run("document.getElementById('cell').textContent")
    cells = browser.run("document.querySelector('.matrix').tBodies[0].rows[0].cells.length - 1")
    browser.key("ArrowRight")
    second = browser.run("document.getElementById('cell').textContent")
    assert "rightly" in first and (cells < 2 or "taken for" in second), (first, second)


def check_figures(browser, path):
    said = json.load(open(path))
    value = lambda id: browser.run(f"+document.getElementById('{id}').dataset.value")
    assert value("rows") == said["rows"] and value("accuracy") == said["accuracy"]
    assert value("macro-f1") == said["macro"]["f1"]
    table = browser.run("[...document.getElementById('measures').tBodies[0].rows].map(r => "
                        "[r.cells[0].textContent, +r.cells[1].dataset.value, r.cells[1].textContent,"
                        " r.cells[2].textContent])")
    for name, number, text, interval in table:
        key = name.replace("-", "_") if not name.startswith("top-") else "top"
        assert number == said["measures"][key]["value"], (name, number)
        assert text == f"{number:.4f}", (name, text)
        if said["measures"][key]["interval"]:
            assert interval == "–".join(f"{v:.4f}" for v in said["measures"][key]["interval"])
    assert len(table) == len(said["measures"])
    classes = browser.run("[...document.getElementById('classes').tBodies[0].rows].map(r => "
                          "[...r.cells].map(c => c.dataset.value === undefined ? c.textContent : "
                          "+c.dataset.value))")
    wanted = {c["label"]: [c["f1"], c["precision"], c["recall"], c["support"]]
              for c in said["classes"]}
    got = {row[0]: [row[1], row[3], row[4], row[5]] for row in classes}
    assert got == wanted, (got, wanted)
    if browser.run("!!document.querySelector('.matrix')"):
        cells = browser.run("[...document.querySelector('.matrix').tBodies[0].rows].map(r => "
                            "[...r.cells].slice(1).map(c => +(c.textContent || 0)))")
        assert cells == said["confusion"]
    steps = browser.run("[...document.querySelectorAll('#coverage tbody tr')].map(r => "
                        "[...r.cells].map(c => c.textContent))")
    # JSON has as few digits as tell a number; half a unit between two may round to either.
    wanted = [[s["confidence"], s["answered"], s["accuracy"]] for s in said.get("coverage", [])]
    assert len(steps) == len(wanted)
    for step, numbers in zip(steps, wanted):
        for shown, number, half in zip(step, numbers, (0.0005, 0, 0.00005)):
            assert abs(float(shown.replace(",", "")) - number) <= half + 1e-7, (step, numbers)


def check(page, figures=None):
    browser = Browser()
    try:
        browser.open(page)
        browser.width(360, 700)
        controls = check_tabs(browser)
        browser.run(OPEN_FOLDS)
        widest, out = browser.run(WIDEST)
        assert widest <= 360 and out[0] <= 360, (widest, out)
        themes = [check_theme(browser, theme) for theme in ("light", "dark")]
        check_matrix(browser)
        if figures:
            check_figures(browser, figures)
        for event in browser.events:
            bad = event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded",
                                      "Runtime.consoleAPICalled")
            assert not bad, event
            if event["method"] == "Network.requestWillBeSent":
                url = event["params"]["request"]["url"]
                assert url.startswith(("file:", "data:", "about:")), url
    finally:
        browser.close()
    print(f"{controls} controls, {', '.join(themes)}")


def shots(page, folder):
    browser = Browser()
    try:
        browser.open(page)
        for name, theme, width in (("light", "light", 1100), ("dark", "dark", 1100),
                                   ("narrow", "light", 360), ("printed", "light", 760)):
            browser.theme(theme, "print" if name == "printed" else "")
            browser.width(width)
            tall = browser.run("document.documentElement.scrollHeight")
            for part, top in enumerate(range(0, min(tall, 8 * SHOT), SHOT)):
                clip = {"x": 0, "y": top, "width": width, "height": min(SHOT, tall - top), "scale": 1}
                shot = browser.call("Page.captureScreenshot", format="png", clip=clip,
                                    captureBeyondViewport=True)
                with open(f"{folder}/{name}-{part}.png", "wb") as file:
                    file.write(base64.b64decode(shot["data"]))
        pdf = browser.call("Page.printToPDF", printBackground=True)
        with open(f"{folder}/printed.pdf", "wb") as file:
            file.write(base64.b64decode(pdf["data"]))
    finally:
        browser.close()


if __name__ == "__main__":
    {"check": check, "shots": shots}[sys.argv[1]](*sys.argv[2:])
