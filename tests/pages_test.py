#!/usr/bin/env python3
"""The pages as people use them, in Chromium: every page, desktop and phone, Russian and English, light and dark;
once by keyboard alone; once without a connection. Prints TAP. Needs what `tools/setup.sh pages` installs.

pages_test.py SVODKA SOURCE [NAME…]   only the checks whose names contain one of these words
"""
import base64, json, os, re, shutil, sys, tempfile, time, traceback, zipfile

from pages_site import CHROMIUM, PASSWORD, SIZES, Browser, Site, axe_source, chromium_args, log_in, set_language
from playwright.sync_api import expect, sync_playwright

SVODKA, SOURCE = sys.argv[1], sys.argv[2]
CASES = [("servers", "olga", "Север"), ("agro", "olga", "Север"), ("packaging", "igor", "Юг")]
AS_OF, LATER = "2025-12-08T09:00", "2025-12-11T09:00"
# what the offline test looks for on the disk: ASCII, so that neither encoding nor case hides it
CANARY = "canary7251"
CHECKS = []


def check(f):
    CHECKS.append(f)
    return f


class World:
    """What every check gets: the site, the browser, numbers of clients by key."""

    def __init__(self, playwright, top):
        self.playwright, self.top = playwright, top
        self.site = Site(SVODKA, SOURCE, top, CASES, AS_OF).start()
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


# ── coming in ──

@check
def first_login_on_an_empty_folder(w):
    folder = tempfile.mkdtemp(dir=w.top)
    site = Site(SVODKA, SOURCE, folder).start()
    browser = Browser(w.playwright, site)
    browser.allowed.append("403")
    try:
        page = browser.page()
        page.goto(site.url + "/")
        expect(page).to_have_url(re.compile("/login"))
        page.fill("[name=code]", "zzzz-zzzz-zzzz")
        page.fill("[name=name]", "Анна Лим")
        page.fill("[name=login]", "anna")
        page.fill("[name=password]", PASSWORD)
        page.click("button.main")
        expect(page.locator("[role=alert]")).to_contain_text("Код не подошёл")
        assert page.input_value("[name=login]") == "anna"
        page.fill("[name=code]", site.read_code())
        page.fill("[name=password]", PASSWORD)
        page.click("button.main")
        page.wait_for_url("**/today")
        expect(page.locator("main")).to_contain_text("За вами пока нет клиентов")
        page.goto(site.url + "/admin/users")
        assert page.locator("tbody tr").count() == 1
        # nobody makes a second first account
        other = browser.page()
        other.goto(site.url + "/login")
        assert other.locator("[name=code]").count() == 0
        assert not browser.take_problems()
    finally:
        browser.close()
        site.stop()


@check
def login_and_logout(w):
    w.browser.allowed.append("403")
    page = w.open(None, f"/clients/{w.ids['servers']}")
    assert "/login?back=" in page.url, page.url
    page.fill("[name=login]", "olga")
    page.fill("[name=password]", "не тот пароль")
    page.click("button.main")
    expect(page.locator("[role=alert]")).to_contain_text("не подошли")
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")
    expect(page).to_have_url(re.compile(f"/clients/{w.ids['servers']}$"))
    cookie = [c for c in page.context.cookies() if c["name"].endswith("svodka")][0]
    assert cookie["httpOnly"] and cookie["sameSite"] in ("Lax", "Strict"), cookie
    page.click(".menu > summary")
    page.click("form[data-logout] button")
    page.wait_for_url("**/login")
    page.goto(w.url + "/today")
    assert "/login" in page.url
    page.context.close()


@check
def nobody_opens_what_is_not_his(w):
    w.browser.allowed += ["404", "403"]
    page = w.open("olga", "/clients")
    names = text_of(page, ".row-name")
    assert len(names) == 2 and not any("Quillmoss" in n for n in names), names
    assert page.goto(w.card("packaging")).status == 404
    assert "Quillmoss" not in page.content()
    assert page.goto(w.url + "/admin/users").status in (403, 404)
    page.goto(w.url + "/today")
    assert page.locator(".menu a[href='/admin']").count() == 0
    page.context.close()
    page = w.open("igor", "/clients")
    assert len(text_of(page, ".row-name")) == 3
    page.context.close()


# ── the day and the clients ──

@check
def today_leads_to_the_card(w):
    page = w.open("olga", "/today")
    assert page.locator("ul.rows .row").count() == 2
    assert page.locator("section.block").count() >= 3
    page.locator("ul.rows .row").first.click()
    expect(page).to_have_url(re.compile(r"/clients/\d+$"))
    page.context.close()


@check
def clients_are_found_while_typing(w):
    page = w.open("igor", "/clients")
    page.locator("main [name=find]").press_sequentially("карасу")
    expect(page.locator("#found .row")).to_have_count(1)
    expect(page.locator("#found .row")).to_contain_text("Карасу")
    page.locator("main [name=find]").fill("такого нет")
    expect(page.locator("#found .none")).to_be_visible()
    page.fill("#find-all", "quill")
    page.press("#find-all", "Enter")
    expect(page.locator("#found .row-name")).to_have_text(["Quillmoss Beauty Ltd"])
    page.context.close()


# ── the card ──

@check
def card_shows_the_summary_and_its_formats(w):
    page = w.open("igor", w.card("servers"))
    assert page.locator("#summary .statements .item").count() >= 3
    seen = set()
    for tab in page.locator(".tabs .tab").all():
        tab.click()
        wanted = tab.get_attribute("data-format")
        expect(page.locator(f"#summary[data-format={wanted}]")).to_be_visible()
        expect(tab).to_have_attribute("aria-current", "true")
        expect(page.locator("#coverage")).to_be_visible()
        seen.add(wanted)
    assert {"brief", "sections", "timeline", "tasks", "handover", "status"} <= seen, seen
    assert page.locator(".tabs .tab[aria-current]").count() == 1
    page.context.close()


@check
def a_source_opens_beside_with_its_quote_marked(w):
    for size in ("desktop", "phone"):
        page = w.open("igor", w.card("servers", "?format=brief"), size=size)
        marked = 0
        refs = page.locator("#summary .ref").all()[:4]
        for ref in refs:
            ref.scroll_into_view_if_needed()
            ref.click()
            expect(page.locator("#panel .original")).to_be_visible()
            expect(ref).to_have_attribute("aria-expanded", "true")
            quote = re.sub(r"\s+", " ", ref.get_attribute("data-quote"))
            if page.locator("#panel mark").count():
                mark = re.sub(r"\s+", " ", page.locator("#panel mark").inner_text())
                assert mark.strip() == quote.strip(), (mark, quote)
                marked += 1
            page.click("#panel-close")
            expect(page.locator("#panel")).to_be_hidden()
        assert refs and marked == len(refs), f"{size}: {marked} of {len(refs)} quotes marked"
        page.context.close()


@check
def tasks_are_marked_copied_and_exported(w):
    page = w.open("olga", w.card("servers"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=w.url)
    task = page.locator("#tasks .task:has(button[value=done])").first
    text = task.locator(".text").inner_text()
    task.locator("button[value=done]").click()
    expect(page.locator("#tasks .task", has_text=text).locator(".tag").first).to_contain_text("сделано")
    page.goto(w.card("servers", "?format=tasks"))
    page.click("details.closed > summary")
    expect(page.locator("details.closed .task", has_text=text).locator(".tag").first).to_contain_text("сделано")
    page.locator("details.closed .task", has_text=text).locator("button[value=open]").click()
    expect(page.locator(".task", has_text=text).first.locator("button[value=taken]")).to_be_visible()
    page.goto(w.card("servers"))
    expect(page.locator(".task", has_text=text).first.locator("button[value=taken]")).to_be_visible()
    page.locator(".task", has_text=text).first.locator("button[value=taken]").click()
    expect(page.locator(".task", has_text=text).first.locator(".tag").first).to_contain_text("перенесено в CRM")
    page.click("[data-copy='#tasks-text']")
    expect(page.locator("#toast")).to_have_text("Скопировано")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert len(copied) > 20 and len(copied.splitlines()) >= 2, copied
    with page.expect_download() as got:
        page.click("a[href$='/tasks/csv']")
    assert len(open(got.value.path(), encoding="utf-8-sig").read().splitlines()) >= 3
    with page.expect_download() as got:
        page.click("a[href$='/tasks/json']")
    assert len(json.load(open(got.value.path(), encoding="utf-8"))["tasks"]) >= 2
    page.context.close()


@check
def what_a_summary_missed_is_pinned(w):
    page = w.open("olga", w.card("servers", "?format=brief"))
    page.locator("#verdict button").click()
    expect(page.locator(".thanks")).to_contain_text("Спасибо")
    # wrong: a statement and a comment
    item = page.locator("#summary .statements .item").first
    item.hover()
    item.locator(".say > summary").click()
    item.locator("[name=comment]").fill("Уже не так: решили иначе")
    item.locator(".say-form button").click()
    expect(item.locator(".thanks")).to_contain_text("посмотрим")
    # missing: a click on the message
    page.goto(w.card("servers", "?format=brief"))
    page.click("#verdict a")
    expect(page.locator("#panel .pick")).to_have_count(20)
    page.click("#panel .more a")
    expect(page.locator("#panel .pick")).to_have_count(40)
    pick = page.locator("#panel .pick").nth(3)
    message = pick.locator("input").get_attribute("value")
    pick.click()
    page.fill("#panel [name=comment]", "Это важно для договора")
    page.click("#panel .sticky button")
    expect(page.locator("#panel .thanks")).to_contain_text("войдёт в сводку")
    page.goto(w.card("servers", "?format=brief"))
    held = [base_id(r.get_attribute("href")) for r in page.locator("#summary .ref").all()]
    why = page.locator("#coverage").inner_text()
    assert message in held or "отмечен" in why, (message, held, why)
    page.context.close()


def base_id(href):
    from urllib.parse import parse_qs, urlsplit
    return parse_qs(urlsplit(href).query)["id"][0]


@check
def a_second_visit_begins_with_what_is_new(w):
    page = w.open("vera", w.card("agro"))
    assert page.locator("#summary .statements .item").count() >= 3, "a first visit shows the summary"
    page.goto(w.card("agro"))
    expect(page.locator("#summary.closed")).to_be_visible()
    page.click("#summary .button.main")
    expect(page.locator("#summary .statements .item").first).to_be_visible()
    page.context.close()


@check
def the_history_is_searched_by_meaning(w):
    page = w.open("olga", w.card("servers"))
    page.locator("#find").press_sequentially("сервер")
    expect(page.locator("#hits .item").first).to_be_visible()
    words = {m.lower() for m in text_of(page, "#hits mark")}
    assert len(words) > 1 and all(x.startswith("сервер") for x in words), words
    page.locator("#hits .ref").first.click()
    expect(page.locator("#panel mark")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#find").fill("абырвалг")
    expect(page.locator("#hits .none")).to_contain_text("Ничего не нашлось")
    page.context.close()


@check
def people_and_charts_stand_beside(w):
    page = w.open("olga", w.card("servers"))
    assert page.locator(".people > li").count() >= 4
    assert page.locator(".people a[href^='tel:']").count() >= 1
    for svg in page.locator("svg.chart").all():
        assert svg.get_attribute("aria-label") or svg.locator("title").count(), "a chart without a name"
    assert page.locator("svg.chart").count() >= 1 and page.locator("svg.chart .us").count() >= 5
    page.context.close()


# ── files, calls, papers ──

@check
def files_are_tried_and_nothing_is_kept(w):
    page = w.open("olga", "/try")
    folder = w.site.case("agro")
    files = [os.path.join(folder, n) for n in ("mail.mbox", "whatsapp.txt", "notes.csv", "deals.csv")]
    page.set_input_files("#files", files)
    expect(page.locator("#chosen")).to_contain_text("mail.mbox")
    page.click("#drop button.main")
    page.wait_for_url("**/try/*")
    expect(page.locator("#trial .tabs")).to_be_visible(timeout=20000)
    assert page.locator("#summary .statements .item").count() >= 3
    page.locator("#summary .ref").first.click()
    expect(page.locator("#panel .original")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#trial .tab").nth(1).click()
    expect(page.locator("#trial .tab").nth(1)).to_have_attribute("aria-current", "true")
    trial = page.url
    assert len(w.site.clients()) == len(CASES)
    # another reader has no way to it
    w.browser.allowed.append("404")
    other = w.open("petr", "/today")
    assert other.goto(trial).status == 404
    other.context.close()
    page.click(".keep form[action$='/forget'] button")
    page.wait_for_url("**/try")
    assert page.goto(trial).status == 404
    page.context.close()


@check
def a_call_is_known_by_its_number(w):
    page = w.open("olga", "/call", size="phone")
    page.fill("#number", "8 (701) 721-44-08")
    page.click("form.number button")
    expect(page.locator(".caller")).to_contain_text("Ерлан Мусабеков")
    lines = page.locator(".popup-lines .item").count()
    assert 1 <= lines <= 5, lines
    box = page.locator(".popup-lines").bounding_box()
    assert box["y"] + box["height"] < SIZES["phone"]["height"] * 1.5, box
    page.fill("#number", "+7 999 000 00 00")
    page.click("form.number button")
    expect(page.locator("[role=status].none")).to_contain_text("Такого номера нет")
    # the number of a client whom he may not open is as unknown
    page.fill("#number", "+44 7700 900411")
    page.click("form.number button")
    expect(page.locator("[role=status].none")).to_be_visible()
    page.goto(w.card("servers", "/call"))
    page.click(".popup .button.main")
    expect(page).to_have_url(re.compile(r"/clients/\d+$"))
    page.context.close()


@check
def a_report_is_edited_and_printed(w):
    page = w.open("igor", "/report")
    assert page.locator("#paper .entry").count() == 3
    paragraph = page.locator("#paper .paragraph").first
    paragraph.click()
    page.keyboard.press("End")
    page.keyboard.type(" Дописано рукой.")
    expect(paragraph).to_contain_text("Дописано рукой.")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".bar", ".tools", ".no-print", "#panel"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf()[:5] == b"%PDF-"
    page.emulate_media(media="screen")
    page.fill("[name=top]", "1")
    page.click("form.tools button >> nth=0")
    expect(page.locator("#paper .entry")).to_have_count(1)
    page.context.close()


@check
def a_review_is_edited_and_exported(w):
    page = w.open("olga", w.card("servers", "/review?from=2025-09-01&to=2025-12-31"))
    item = page.locator("#paper li .text").first
    item.click()
    page.keyboard.press("End")
    page.keyboard.type(" Правка от руки.")
    files = {}
    for kind in ("pdf", "docx", "md"):
        with page.expect_download() as got:
            page.click(f"#export button[value={kind}]")
        files[kind] = (got.value.suggested_filename, open(got.value.path(), "rb").read())
    assert files["pdf"][1][:5] == b"%PDF-" and files["pdf"][0].endswith(".pdf"), files["pdf"][0]
    with zipfile.ZipFile(got_zip(w, files["docx"][1])) as z:
        assert "Правка от руки." in z.read("word/document.xml").decode()
    text = files["md"][1].decode()
    assert "Правка от руки." in text and text.startswith("# "), text[:200]
    page.context.close()


def got_zip(w, data):
    path = os.path.join(w.top, "review.docx")
    with open(path, "wb") as f:
        f.write(data)
    return path


# ── administration ──

@check
def administrators_manage_people(w):
    w.browser.allowed += ["422", "403"]
    page = w.open("anna", "/admin/users")
    add = page.locator("form:has([name=do][value=add])")
    add.locator("[name=name]").fill("Новый Человек")
    add.locator("[name=login]").fill("novy")
    add.locator("[name=role]").select_option("manager")
    add.locator("[name=team]").fill("Юг")
    add.locator("[name=password]").fill("qwertyuiop")
    add.locator("button").click()
    expect(page.locator("[role=alert]")).to_be_visible()  # one of the most common
    add.locator("[name=name]").fill("Новый Человек")
    add.locator("[name=login]").fill("novy")
    add.locator("[name=team]").fill("Юг")
    add.locator("[name=password]").fill(PASSWORD)
    add.locator("button").click()
    expect(page.locator("[role=status]").first).to_be_visible()
    row = page.locator("tr", has_text="novy")
    expect(row.locator("[name=role]")).to_have_value("manager")
    row.locator("[name=role]").select_option("support")
    row.locator("form:has([name=do][value=role]) button").click()
    expect(page.locator("tr", has_text="novy").locator("[name=role]")).to_have_value("support")
    # what is open ends at once
    his = w.browser.page("novy")
    assert "/today" in (his.goto(w.url + "/today") or his).url
    page.locator("tr", has_text="novy").locator("form:has([value=disable]) button").click()
    expect(page.locator("tr", has_text="novy")).to_have_class(re.compile("off"))
    his.goto(w.url + "/today")
    assert "/login" in his.url
    his.context.close()
    page.context.close()


@check
def administrators_give_and_take_labels(w):
    page = w.open("anna", "/admin/labels")
    page.fill("main [name=name]", "юристы")
    page.click("form:has([value=add]) button.main")
    row = page.locator(".row-block", has_text="юристы")
    row.locator("select").select_option(label="Ольга Белова")
    row.locator("form:has([value=give]) button").click()
    expect(page.locator(".row-block", has_text="юристы").locator(".chip")).to_contain_text("Ольга Белова")
    page.locator(".row-block", has_text="юристы").locator(".chip button").click()
    expect(page.locator(".row-block", has_text="юристы").locator(".chip")).to_have_count(0)
    page.context.close()


LETTER = """From sabit@karasu.example Tue Dec  9 10:12:00 2025
From: =?utf-8?B?0KHQsNCx0LjRgg==?= <sabit@karasu.example>
To: pavel@tobyl.example
Subject: =?utf-8?B?0KHRh9GR0YI=?=
Date: Tue, 09 Dec 2025 10:12:00 +0500
Message-ID: <pages-%s@karasu.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Добрый день! Счёт №731 оплатим до 20 декабря, слово %s.
Договор на 2026 год подпишем во вторник.

"""


def import_letter(w, name, client):
    path = os.path.join(w.top, name + ".mbox")
    with open(path, "w", encoding="utf-8") as f:
        f.write(LETTER % (name, CANARY))
    page = w.open("anna", "/admin/import")
    page.fill("[name=client]", client)
    page.set_input_files("#files", path)
    page.click("#drop button.main")
    return page


@check
def an_import_is_news_to_who_was_here(w):
    w.open("olga", w.card("agro")).context.close()
    page = import_letter(w, "imported", "agro")
    figures = [int(x) for x in text_of(page, "section.sheet .figure")]
    assert figures[0] == 1 and figures[1] == 1, figures
    page.context.close()
    w.site.wait_read(w.browser)
    w.site.stop()
    w.site.as_of = LATER
    w.site.start()
    page = w.open("olga", w.card("agro"))
    since = page.locator(".since").inner_text()
    assert "С вашего прошлого визита" in since and "Ничего не изменилось" not in since, since
    page.goto(w.url + "/today")
    expect(page.locator(".row", has_text="Карасу").locator(".count").first).to_have_text("1 новое")
    page.context.close()


@check
def administrators_see_feedback_audit_and_health(w):
    page = w.open("anna", "/admin")
    figures = dict(zip(text_of(page, ".figures .soft"), text_of(page, ".figures .figure")))
    assert figures["клиентов"] == "3" and int(figures["запросов"].replace("\u00a0", "")) > 100, figures
    page.click(".admin-tabs a[href='/admin/feedback']")
    expect(page.locator("main")).to_contain_text("Это важно для договора")
    expect(page.locator(".tag.wrong").first).to_be_visible()
    page.click(".admin-tabs a[href='/admin/audit']")
    expect(page.locator(".thanks")).to_contain_text("Цепочка цела")
    assert page.locator("tbody tr").count() > 20
    assert page.locator("tr.denied").count() >= 1
    body = page.locator("tbody").inner_text()
    assert "Уже не так" not in body and "договора" not in body, "text of customers in the audit"
    with page.expect_download() as got:
        page.click("a[download]")
    lines = open(got.value.path(), encoding="utf-8").read().splitlines()
    assert len(lines) > 20 and all(json.loads(line) for line in lines)
    page.context.close()


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

def paths(w):
    """Every page, by name; None stands for those that need a visit first."""
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
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        bad.append(f"{where}: {wide} px wider than the window")
    if page.evaluate("document.querySelectorAll('[style]').length"):
        bad.append(f"{where}: a style of its own")
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    for v in found:
        if v["impact"] in ("serious", "critical", "moderate"):
            places = [" ".join(map(str, n["target"])) for n in v["nodes"][:3]]
            bad.append(f"{where}: {v['impact']} {v['id']} at {places}: {v['nodes'][0]['failureSummary'][:200]}")


def sweep(w, size, language, theme):
    w.browser.allowed += ["404"]
    axe, bad = axe_source(), []
    page = w.open("anna", "/today", size=size, language=language, theme=theme)
    set_language(page, language)
    for path in paths(w):
        page.goto(w.url + path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        complain(page, axe, path, bad)
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
    sweep(w, "desktop", "en", "dark")


@check
def every_page_phone_english_light(w):
    sweep(w, "phone", "en", "light")


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


def explain():
    """Where in this file it failed, and how the message begins."""
    kind, error, frames = sys.exc_info()
    ours = [f for f in traceback.extract_tb(frames) if "pages_" in f.filename]
    lines = [f"line {f.lineno}: {f.line}" for f in ours] + [kind.__name__] + str(error).splitlines()[:12]
    return "\n".join("# " + line for line in lines)


def main():
    wanted = sys.argv[3:]
    checks = [c for c in CHECKS if not wanted or any(x in c.__name__ for x in wanted)]
    top = tempfile.mkdtemp(prefix="svodka-pages-")
    failed = 0
    print("TAP version 13")
    print(f"1..{len(checks)}", flush=True)
    with sync_playwright() as playwright:
        w = World(playwright, top)
        for n, one in enumerate(checks, 1):
            begun = time.time()
            try:
                one(w)
                problems = w.browser.take_problems()
                assert not problems, "\n".join(problems[:10])
                print(f"ok {n} {one.__name__} # {time.time() - begun:.1f} s", flush=True)
            except Exception:
                failed += 1
                w.browser.take_problems()
                print(f"not ok {n} {one.__name__}")
                print(explain(), flush=True)
                if not w.site.server:
                    w.site.start()
        w.browser.close()
        w.site.stop()
    shutil.rmtree(top, ignore_errors=True)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
