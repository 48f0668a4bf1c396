"""What administrators do on the pages. Checks for pages_test.py."""
import json, os, re

from pages_site import CANARY, LATER, PASSWORD, check, text_of
from playwright.sync_api import expect


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
    assert figures["клиентов"] == "3" and int(figures["запросов"].replace("\u00a0", "")) > 0, figures
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
