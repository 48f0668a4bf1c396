#!/usr/bin/env python3
"""Takes the pictures of docs/screens/: Today, Card, Call, Report and Admin on a desktop and on a phone.

screens.py SVODKA SOURCE [FOLDER] [ru|en] [light|dark]
"""
import os, shutil, sys, tempfile

from pages_site import Browser, Site, set_language
from playwright.sync_api import sync_playwright

CASES = [("servers", "olga", "Север"), ("agro", "olga", "Север"), ("building", "olga", "Север")]
AS_OF = "2025-12-08T09:00"


def shoot(page, folder, name):
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(250)
    page.screenshot(path=os.path.join(folder, name + ".png"))


def take(browser, site, folder, size, language, theme):
    numbers = site.clients()

    def go(path):
        page.goto(site.url + path)

    page = browser.page("olga", size=size, language=language, theme=theme)
    go("/today")
    set_language(page, language)
    shoot(page, folder, f"today-{size}")
    go(f"/clients/{numbers['servers']}?format=brief")
    shoot(page, folder, f"card-{size}")
    page.locator("#summary .ref").nth(1).click()
    page.wait_for_selector("#panel .original")
    shoot(page, folder, f"source-{size}")
    go("/call?number=%2B77017214408")
    shoot(page, folder, f"call-{size}")
    page.context.close()
    page = browser.page("anna", size=size, language=language, theme=theme)
    go("/today")
    set_language(page, language)
    go("/report")
    shoot(page, folder, f"report-{size}")
    go("/admin/users")
    shoot(page, folder, f"admin-{size}")
    page.context.close()


def main():
    svodka, source = sys.argv[1:3]
    folder = sys.argv[3] if len(sys.argv) > 3 else os.path.join(source, "docs", "screens")
    language, theme = (sys.argv[4:5] or ["ru"])[0], (sys.argv[5:6] or ["light"])[0]
    os.makedirs(folder, exist_ok=True)
    top = tempfile.mkdtemp(prefix="svodka-screens-")
    with sync_playwright() as playwright:
        site = Site(svodka, source, top, CASES, AS_OF).start()
        browser = Browser(playwright, site)
        site.wait_read(browser)
        for size in ("desktop", "phone"):
            take(browser, site, folder, size, language, theme)
        browser.close()
        site.stop()
    shutil.rmtree(top, ignore_errors=True)


if __name__ == "__main__":
    main()
