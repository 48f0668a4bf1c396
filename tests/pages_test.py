#!/usr/bin/env python3
"""The pages as people use them, in Chromium: every page, desktop and phone, Russian and English, light and dark;
once by keyboard alone; once without a connection. Prints TAP. Needs what `tools/setup.sh pages` installs.

pages_test.py SVODKA SOURCE [NAME…]   only the checks whose names contain one of these words
"""
import shutil, sys, tempfile, time, traceback

import pages_work, pages_admin, pages_dress  # noqa: F401  the checks, in this order
from pages_site import CHECKS, World
from playwright.sync_api import sync_playwright


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
        w = World(playwright, sys.argv[1], sys.argv[2], top)
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
