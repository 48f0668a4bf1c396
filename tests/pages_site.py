"""A server with histories in it, and a browser that watches: what pages_test.py and screens.py share.

Site renders cases of eval/cases, imports them into a new database, makes an account of each role and runs
`svodka serve`. Browser opens pages in Debian's chromium and notes whatever no page may do: write an error to
the console, break the policy, ask for anything outside the server.
"""
import json, os, re, signal, socket, sqlite3, subprocess, sys, time
from datetime import datetime, timedelta

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
PASSWORD = "сосна и две лиственницы"
CASES = [("servers", "olga", "Север"), ("agro", "olga", "Север"), ("packaging", "igor", "Юг")]
AS_OF, LATER = "2025-12-08T09:00", "2025-12-11T09:00"
# what the offline test looks for: ASCII, so that neither encoding nor case hides it
CANARY = "canary7251"
CHECKS = []
# login: name, role, team
ACCOUNTS = {
    "anna": ("Анна Лим", "admin", None),
    "olga": ("Ольга Белова", "manager", "Север"),
    "petr": ("Пётр Ким", "support", "Север"),
    "vera": ("Вера Дронова", "head", "Север"),
    "igor": ("Игорь Ли", "director", None),
}


class Site:
    """cases: (name, owner's login, team); the key of a client is the name of its case."""

    def __init__(self, svodka, source, top, cases=(), as_of=None, title="ТОО «Линия»"):
        self.svodka, self.source, self.top, self.as_of = os.path.abspath(svodka), os.path.abspath(source), top, as_of
        self.db, self.log = os.path.join(top, "svodka.db"), os.path.join(top, "serve.log")
        self.ini = os.path.join(top, "svodka.ini")
        with open(self.ini, "w", encoding="utf-8") as f:
            f.write(f"[server]\ntitle={title}\nlisten=127.0.0.1:{free_port()}\n")
        self.server, self.url, self.code = None, None, None
        if cases:
            for login, (name, role, team) in ACCOUNTS.items():
                self.run("user", "add", login, "--name", name, "--role", role, *(["--team", team] if team else []),
                         stdin=PASSWORD + "\n")
        for team in {team for _, _, team in cases} - {team for _, _, team in ACCOUNTS.values()}:
            self.run("team", "add", team)
        for case, owner, team in cases:
            self.run("import", self.case(case), "--client", case)
            self.run("client", "assign", case, "--owner", owner, "--team", team)

    def case(self, name):
        path = os.path.join(self.top, name)
        if not os.path.isdir(path):
            sys.path.insert(0, os.path.join(self.source, "eval"))
            import render
            with open(os.path.join(self.source, "eval", "cases", name + ".json"), encoding="utf-8") as f:
                case = json.load(f)
            if self.as_of and case["now"] > self.as_of:
                shift(case, self.as_of)
            render.render(case, path)
        return path

    def run(self, *args, stdin=""):
        p = subprocess.run([self.svodka, *args, "--db", self.db], input=stdin.encode(), capture_output=True, timeout=120)
        if p.returncode:
            raise AssertionError(f"svodka {' '.join(args)}: exit {p.returncode}\n{p.stderr.decode()[-800:]}")
        return p.stdout.decode()

    def start(self):
        moment = ["--as-of", self.as_of] if self.as_of else []
        with open(self.log, "ab") as log:
            self.server = subprocess.Popen([self.svodka, "serve", "--config", self.ini, "--db", self.db, *moment],
                                           stdout=subprocess.PIPE, stderr=log, cwd=self.top)
        line = self.server.stdout.readline().decode()
        found = re.search(r"http://\S+", line)
        if not found:
            raise AssertionError(f"the server did not start: {line} {open(self.log).read()[-800:]}")
        self.url = found.group(0).rstrip("/")
        return self

    def read_code(self):
        return re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", self.server.stdout.readline().decode()).group(0)

    def stop(self):
        if not self.server:
            return
        self.server.send_signal(signal.SIGTERM)
        code = self.server.wait(timeout=20)
        self.server.stdout.close()
        self.server = None
        assert code == 0, f"the server ended with {code}: {open(self.log).read()[-800:]}"

    def clients(self):
        """Key → number of the client."""
        with sqlite3.connect(f"file:{self.db}?mode=ro", uri=True) as db:
            return dict(db.execute("SELECT external, id FROM client"))

    def wait_read(self, browser):
        """Until every history has been read by the workers."""
        page = browser.page("anna")
        for number in self.clients().values():
            for _ in range(150):
                page.goto(f"{self.url}/clients/{number}?format=brief")
                if page.locator("#coverage").count() and not page.locator("#coverage strong").count():
                    break
                time.sleep(0.1)
            else:
                raise AssertionError(f"client {number} was not read in time")
        page.context.close()


def shift(case, as_of):
    """A later history ends in the same hour of the week, before the moment."""
    weeks = -(-(datetime.fromisoformat(case["now"]) - datetime.fromisoformat(as_of)).days // 7) + 1
    for event in case["events"]:
        event["at"] = (datetime.fromisoformat(event["at"]) - timedelta(weeks=weeks)).isoformat()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def axe_source():
    import axe_playwright_python
    with open(os.path.join(os.path.dirname(axe_playwright_python.__file__), "axe.min.js"), encoding="utf-8") as f:
        return f.read()


class Browser:
    """Contexts of chromium over one site; `problems` is what pages did that none may."""

    def __init__(self, playwright, site):
        self.playwright, self.site, self.states, self.problems, self.allowed = playwright, site, {}, [], []
        self.chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=chromium_args())

    def close(self):
        self.chromium.close()

    def watch(self, context):
        context.on("console", self._console)
        context.on("weberror", lambda e: self.problems.append(f"error of a script: {e.error}"))
        context.on("request", self._request)
        return context

    def _console(self, message):
        if message.type == "error" or "Content Security Policy" in message.text:
            text = f"{message.text} ({message.location.get('url', '')})"
            if not any(a in text for a in self.allowed):
                self.problems.append("console: " + text)

    def _request(self, request):
        if not request.url.startswith((self.site.url + "/", "data:", "blob:")):
            self.problems.append("a request outside: " + request.url)

    def context(self, login=None, size="desktop", language="ru", theme="light", **more):
        state = self.states.get(login)
        context = self.watch(self.chromium.new_context(
            viewport=SIZES[size], color_scheme=theme, locale="ru-RU" if language == "ru" else "en-GB",
            has_touch=size == "phone", is_mobile=size == "phone", storage_state=state,
            service_workers="block", **more))
        context.set_default_timeout(8000)
        if login and not state:
            page = context.new_page()
            log_in(page, self.site, login)
            self.states[login] = context.storage_state()
            page.close()
        return context

    def page(self, login=None, **more):
        return self.context(login, **more).new_page()

    def take_problems(self):
        problems, self.problems, self.allowed = self.problems, [], []
        return problems


def chromium_args():
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def log_in(page, site, login, password=PASSWORD):
    page.goto(site.url + "/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.click("button.main")
    page.wait_for_url("**/today")


def set_language(page, language):
    page.click(".menu > summary")
    page.click(f"button[name=language][value={language}]")
    page.wait_for_selector(f"html[lang={language}]")

def check(f):
    CHECKS.append(f)
    return f


class World:
    """What every check gets: the site, the browser, numbers of clients by key."""

    def __init__(self, playwright, svodka, source, top):
        self.playwright, self.svodka, self.source, self.top = playwright, svodka, source, top
        self.site = Site(svodka, source, top, CASES, AS_OF).start()
        self.browser = Browser(playwright, self.site)
        self.site.wait_read(self.browser)
        self.ids = self.site.clients()
        self.url = self.site.url

    def card(self, key, query=""):
        return f"{self.url}/clients/{self.ids[key]}{query}"

    def open(self, login, path, **more):
        page = self.browser.page(login, **more)
        page.goto(path if path.startswith("http") else self.url + path)
        return page


def text_of(page, selector):
    return [t.strip() for t in page.locator(selector).all_inner_texts()]
