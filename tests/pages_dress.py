"""Every page in every dress, by keyboard alone, without scripts, without a connection. Checks for pages_test.py."""
import base64, os, re

from pages_admin import import_letter
from pages_site import CANARY, CHROMIUM, PASSWORD, SIZES, axe_source, check, chromium_args, log_in, set_language
from playwright.sync_api import expect


# ── by keyboard alone ──

def tab_to(page, script, most=80):
    """Tab until the focus satisfies a condition on `e`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const e = document.activeElement; return Boolean({script}); }})()"):
            shown = page.evaluate("""(() => { const e = document.activeElement, r = e.getBoundingClientRect();
                return r.width > 0 && getComputedStyle(e).outlineStyle !== "none"; })()""")
            assert shown, f"the focus is not seen on {script}"
            return
    raise AssertionError(f"Tab does not lead to {script}")


@check
def a_whole_day_by_keyboard_alone(w):
    page = w.open(None, "/login")
    page.keyboard.type("petr")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/today")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.goto(w.url + "/clients")
    tab_to(page, "e.matches('.row') && e.textContent.includes('Жетысу')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/clients/\d+$"))
    page.goto(page.url + "?format=brief")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .original")).to_be_visible()
    expect(page.locator("#panel mark")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('.ref, .item')"), "the focus came back"
    page.keyboard.press("3")
    expect(page.locator(".tabs .tab").nth(2)).to_have_attribute("aria-current", "true")
    tab_to(page, "e.matches('#tasks button[value=done]')", 200)
    page.keyboard.press("Enter")
    expect(page.locator("#tasks .tag", has_text="сделано").first).to_be_visible()
    page.wait_for_timeout(100)
    assert page.evaluate("document.activeElement.closest('#tasks .task') !== null"), "the focus stays at the task"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("срок")
    expect(page.locator("#hits .item").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator(".hits mark").count() >= 1
    tab_to(page, "e.matches('.menu > summary')")
    page.keyboard.press("Enter")
    tab_to(page, "e.closest('form[data-logout]')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login")
    page.context.close()


@check
def pages_work_without_scripts(w):
    page = w.open("igor", w.card("servers", "?format=brief"), java_script_enabled=False)
    page.locator("#summary .ref").first.click()
    expect(page.locator(".original")).to_be_visible()
    page.go_back()
    page.fill("#find", "сервер")
    page.press("#find", "Enter")
    assert page.locator(".hits mark").count() >= 1
    page.goto(w.card("servers", "?format=brief"))
    page.click(".tab[data-format=timeline]")
    assert page.locator(".timeline .item").count() >= 5
    page.context.close()


# ── every page in every dress ──

SOME = ("/today", "/clients", "/report", "/admin/users", "/admin/audit")


def paths(w):
    """Every page."""
    number = w.ids["servers"]
    page = w.open("igor", w.card("servers", "?format=brief"))
    source = page.locator("#summary .ref").first.get_attribute("href")
    formats = [t.get_attribute("data-format") for t in page.locator(".tabs .tab").all()]
    page.context.close()
    return ["/today", "/clients", "/clients?find=zz", *[f"/clients/{number}?format={f}" for f in formats], f"/clients/{number}",
            f"/clients/{w.ids['packaging']}?format=sections", source, f"/clients/{number}/search?q=сервер",
            f"/clients/{number}/missing", f"/clients/{number}/review", f"/clients/{number}/call", "/call",
            "/call?number=87017214408", "/report", "/try", "/help", "/offline", "/admin", "/admin/users", "/admin/labels",
            "/admin/import", "/admin/feedback", "/admin/audit", "/clients/999999"]


def complain(page, axe, where, bad):
    """What is wrong with the page as it is; axe's rules too, when they are given."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        bad.append(f"{where}: {wide} px wider than the window")
    if page.evaluate("document.querySelectorAll('[style]').length"):
        bad.append(f"{where}: a style of its own")
    if not axe:
        return
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    for v in found:
        if v["impact"] in ("serious", "critical", "moderate"):
            places = [" ".join(map(str, n["target"])) for n in v["nodes"][:3]]
            bad.append(f"{where}: {v['impact']} {v['id']} at {places}: {v['nodes'][0]['failureSummary'][:200]}")


def sweep(w, size, language, theme, some=None):
    """axe looks at every page, or only at some: its rules don't depend on the language."""
    w.browser.allowed += ["404"]
    axe, bad = axe_source(), []
    page = w.open("anna", "/today", size=size, language=language, theme=theme)
    set_language(page, language)
    for path in paths(w):
        page.goto(w.url + path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        complain(page, axe if some is None or path in some else None, path, bad)
    page.goto(w.card("servers", "?format=brief"))
    page.locator("#summary .ref").first.click()
    expect(page.locator("#panel .original")).to_be_visible()
    page.wait_for_timeout(250)
    complain(page, axe, "the panel", bad)
    page.keyboard.press("Escape")
    page.click(".menu > summary")
    complain(page, axe, "the menu", bad)
    set_language_closed(page)
    page.context.close()
    page = w.open(None, "/login", size=size, language=language, theme=theme)
    complain(page, axe, "/login", bad)
    page.context.close()
    assert not bad, "\n".join(bad[:12])


def set_language_closed(page):
    page.click("button[name=language][value=ru]")
    page.wait_for_selector("html[lang=ru]")


@check
def every_page_desktop_russian_light(w):
    sweep(w, "desktop", "ru", "light")


@check
def every_page_phone_russian_dark(w):
    sweep(w, "phone", "ru", "dark")


@check
def every_page_desktop_english_dark(w):
    sweep(w, "desktop", "en", "dark", SOME)


@check
def every_page_phone_english_light(w):
    sweep(w, "phone", "en", "light", SOME)


@check
def a_theme_is_chosen_and_kept(w):
    page = w.open("vera", "/today", theme="light")
    page.click(".menu > summary")
    page.click("button[name=theme][value=dark]")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(w.url + "/clients")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", colour)[:3])) < 60, colour
    page.context.close()


# ── on the road ──

def scan(folder, needle):
    """Files under a folder that hold these bytes."""
    found = []
    for base, _, names in os.walk(folder):
        for name in names:
            try:
                with open(os.path.join(base, name), "rb") as f:
                    if needle in f.read():
                        found.append(os.path.relpath(os.path.join(base, name), folder))
            except OSError:
                pass
    return found


KEPT = """new Promise((done, failed) => { const o = indexedDB.open("svodka"); o.onerror = () => failed(o.error);
  o.onsuccess = () => { const r = o.result.transaction("cards").objectStore("cards").getAll();
    r.onsuccess = () => { o.result.close(); done(r.result.map((c) => [c.path, Array.from(new Uint8Array(c.bytes).slice(0, 48))])); }; }; })"""


def wait_for_worker(page):
    for _ in range(80):
        if page.evaluate("navigator.serviceWorker.controller !== null"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the worker does not take the page")


def wait_kept(page, count):
    for _ in range(80):
        kept = page.evaluate(KEPT)
        if len(kept) == count:
            return kept
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(kept)} cards are kept, not {count}")


@check
def a_card_is_read_offline_and_wiped_at_logout(w):
    import_letter(w, "road", "servers").context.close()
    w.site.wait_read(w.browser)
    profile = os.path.join(w.top, "profile")

    context = w.playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=chromium_args(), viewport=SIZES["phone"], locale="ru-RU")
    context.set_default_timeout(8000)
    page = context.pages[0]
    log_in(page, w.site, "olga")
    wait_for_worker(page)
    page.goto(w.card("servers", "/search?q=" + CANARY))
    assert CANARY in page.content()
    page.goto(w.card("servers"))
    name = page.locator("h1").inner_text()
    card = page.url
    key = base64.b64decode(page.evaluate("fetch('/session/key').then((r) => r.json()).then((r) => r.key)"))
    wait_kept(page, 1)
    w.site.stop()
    page.goto(card)
    expect(page.locator("h1")).to_have_text(name)
    assert page.locator("#tasks .task").count() >= 1
    page.goto(w.card("agro"))
    expect(page.locator("h1")).to_have_text("Нет связи")
    expect(page.locator("#kept a")).to_contain_text([name])
    words = ["Тлеубаев", "Щербаков"]  # people of the card
    _, cipher = page.evaluate(KEPT)[0]
    for word in words:
        assert not scan(profile, word.encode()) and not scan(profile, word.encode("utf-16-le")), f"{word} lies open on the disk"
    assert scan(profile, bytes(cipher)), "the kept card is not where the test looks for it"
    # logged out, nothing of it is left: not the card, not its key
    w.site.start()
    page.goto(w.url + "/today")
    page.click(".menu > summary")
    page.click("form[data-logout] button")
    page.wait_for_url("**/login")
    page.wait_for_timeout(500)
    w.site.stop()
    try:
        page.goto(card)
        assert name not in page.content() and page.locator("#tasks").count() == 0
    except Exception as refused:
        assert "ERR_CONNECTION_REFUSED" in str(refused) or "interrupted" in str(refused), refused
    context.close()
    w.site.start()
    assert not scan(profile, bytes(cipher)), scan(profile, bytes(cipher))
    assert not scan(profile, key), scan(profile, key)


@check
def a_card_is_wiped_when_access_ends(w):
    w.site.run("user", "add", "road", "--name", "Временный", "--role", "director", stdin=PASSWORD + "\n")
    context = w.playwright.chromium.launch_persistent_context(
        os.path.join(w.top, "profile2"), executable_path=CHROMIUM, args=chromium_args(), locale="ru-RU")
    context.set_default_timeout(8000)
    page = context.pages[0]
    log_in(page, w.site, "road")
    wait_for_worker(page)
    page.goto(w.card("servers"))
    wait_kept(page, 1)
    w.site.run("user", "disable", "road")
    page.goto(w.card("servers"))
    assert "/login" in page.url, page.url
    wait_kept(page, 0)
    context.close()
