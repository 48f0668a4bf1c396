"""What people do on the pages: come in, look at the day and a card, open sources, mark tasks, try files, take a
call, print and export, manage users. Checks for pages_test.py."""
import json, os, re, tempfile, zipfile
from urllib.parse import parse_qs, urlsplit

from pages_site import CASES, PASSWORD, SIZES, Browser, Site, check, text_of
from playwright.sync_api import expect


# ── coming in ──

@check
def first_login_on_an_empty_folder(w):
    folder = tempfile.mkdtemp(dir=w.top)
    site = Site(w.svodka, w.source, folder).start()
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
