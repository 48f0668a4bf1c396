#!/usr/bin/env python3
"""The program as a user meets it: whole commands over rendered histories and broken files. Prints TAP.

cli_test.py SVODKA SOURCE
"""
import json, os, re, shutil, subprocess, sys, tempfile, zipfile

SVODKA, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
sys.path.insert(0, os.path.join(SOURCE, "eval"))
import render

NOW = {}
CHECKS = []


def check(f):
    CHECKS.append(f)
    return f


def run(*args, code=0, stdin=None):
    p = subprocess.run([SVODKA, *args], capture_output=True, timeout=120, input=stdin)
    out, err = p.stdout.decode("utf-8"), p.stderr.decode("utf-8")
    if code is not None and p.returncode != code:
        raise AssertionError(f"{args}: exit {p.returncode}, expected {code}\n{err[-600:]}")
    return out, err


def case(name, top):
    """A rendered history; its moment in NOW."""
    path = os.path.join(top, name)
    if not os.path.isdir(path):
        c = json.load(open(os.path.join(SOURCE, "eval", "cases", name + ".json"), encoding="utf-8"))
        NOW[name] = c["now"]
        render.render(c, path)
    return path


def summarize(path, now, fmt, *more, code=0):
    return json.loads(run("summarize", path, "--as-of", now, "--format", fmt, "--json", *more, code=code)[0])


def statements(doc):
    return [s for sec in doc["sections"] for s in sec["statements"]]


@check
def all_formats_have_content(top):
    d = case("servers", top)
    brief = summarize(d, NOW["servers"], "brief")
    assert 3 <= len(statements(brief)) <= 5 and brief["language"] == "ru", brief
    sections = summarize(d, NOW["servers"], "sections")
    assert [s["id"] for s in sections["sections"]] == ["status", "history", "agreements", "risks", "next_steps"]
    assert all(s["statements"] for s in sections["sections"])
    assert len(summarize(d, NOW["servers"], "timeline")["timeline"]) >= 15
    tasks = summarize(d, NOW["servers"], "tasks")["tasks"]
    assert any(t["state"] == "open" for t in tasks) and any(t["state"] == "done" for t in tasks)
    assert all(t["sources"] and t["side"] in ("us", "client") for t in tasks)


@check
def coverage_counts_everything(top):
    c = summarize(case("servers", top), NOW["servers"], "brief")["coverage"]
    assert c["read"] > 120 and c["masked"] >= 5 and c["excluded"] >= 1 and c["hidden"] == 0, c


@check
def same_bytes_twice_and_in_any_order(top):
    d = case("servers", top)
    parts = [os.path.join(d, p) for p in sorted(os.listdir(d))]
    one = run("summarize", *parts, "--as-of", NOW["servers"], "--json")[0]
    assert one == run("summarize", *parts, "--as-of", NOW["servers"], "--json")[0]
    other = run("summarize", *reversed(parts), "--as-of", NOW["servers"], "--json")[0]
    assert one == other, "the order of PATHs changed the summary"


@check
def a_zip_is_a_folder(top):
    d, z = case("servers", top), os.path.join(top, "servers.zip")
    with zipfile.ZipFile(z, "w", zipfile.ZIP_DEFLATED) as f:
        for folder, _, names in os.walk(d):
            for n in names:
                p = os.path.join(folder, n)
                f.write(p, os.path.relpath(p, d))
    a, b = (summarize(x, NOW["servers"], "sections") for x in (d, z))
    assert a["sections"] == b["sections"]


@check
def given_twice_counts_once(top):
    d = case("servers", top)
    copy = os.path.join(top, "twice")
    shutil.copytree(d, copy)
    shutil.copy(os.path.join(d, "mail.mbox"), os.path.join(copy, "again.mbox"))
    once, twice = summarize(d, NOW["servers"], "sections"), summarize(copy, NOW["servers"], "sections")
    assert once["sections"] == twice["sections"]
    assert twice["coverage"]["duplicates"] > 50 and twice["coverage"]["read"] == once["coverage"]["read"]


@check
def later_messages_are_left_out(top):
    doc = summarize(case("servers", top), "2025-06-01T09:00", "timeline")
    assert doc["timeline"] and all(t["date"] <= "2025-06-01" for t in doc["timeline"])
    assert all(s["at"] < "2025-06-01T09" for t in doc["timeline"] for s in t["sources"])


@check
def without_a_card_sides_are_inferred_and_said_so(top):
    copy = os.path.join(top, "cardless")
    shutil.copytree(case("servers", top), copy)
    os.remove(os.path.join(copy, "client.json"))
    doc = summarize(copy, NOW["servers"], "brief")
    assert len(statements(doc)) >= 3 and doc["language"] == "ru"
    text = run("summarize", copy, "--as-of", NOW["servers"], "--text")[0]
    assert re.search("(?i)без карточки|определены|предположит", text), text[-400:]
    tasks = summarize(copy, NOW["servers"], "tasks")["tasks"]
    assert {t["side"] for t in tasks} >= {"us", "client"}, "sides of tasks could not be inferred"


@check
def english_history_in_english(top):
    doc = summarize(case("packaging", top), NOW["packaging"], "sections")
    assert doc["language"] == "en" and len(statements(doc)) >= 15
    titles = " ".join(s["title"] for s in doc["sections"])
    assert not re.search("[а-яА-Я]", titles), titles


@check
def one_channel_only(top):
    for kind in ("mail.mbox", "whatsapp.txt", "notes.csv", "deals.csv", "calls"):
        src = os.path.join(case("servers", top), kind)
        doc = summarize(src, NOW["servers"], "brief")
        assert statements(doc), f"nothing to say of {kind} alone"
        for st in statements(doc):
            assert st["sources"]


@check
def terminal_text_fits_80_columns(top):
    for fmt in ("brief", "sections", "timeline", "tasks"):
        for line in run("summarize", case("servers", top), "--as-of", NOW["servers"], "--format", fmt, "--text")[0].split("\n"):
            assert len(line) <= 80, f"{fmt}: {len(line)} columns: {line}"
            assert "\x1b" not in line


@check
def page_is_self_contained(top):
    out = os.path.join(top, "page.html")
    run("summarize", case("servers", top), "--as-of", NOW["servers"], "--format", "all", "--html", "--output", out)
    page = open(out, encoding="utf-8").read()
    assert "Content-Security-Policy" in page
    assert not re.search(r'(src|href)="(https?:)?//', page), "the page asks for something outside"
    for secret in ("4400 4301 8827 4614", "840617300415", "Самал-2, д. 58"):
        assert secret not in page, "the page holds what must be masked"


@check
def broken_files_beside_good_ones(top):
    """The rest is read, the problem is named, the exit code says so."""
    d = os.path.join(top, "mixed")
    shutil.copytree(case("servers", top), d)
    with open(os.path.join(d, "telegram.json"), "w") as f:
        f.write('{"name": "x", "type": "personal_chat", "id": 1, "messages": [{"id": 1, "type": "mess')
    with open(os.path.join(d, "calls", "broken.json"), "wb") as f:
        f.write(b'{"id": "k", "started_at": "yesterday", "segments": [{"start": ')
    with open(os.path.join(d, "broken.zip"), "wb") as f:
        f.write(b"PK\x03\x04" + b"\0" * 40)
    out, err = run("summarize", d, "--as-of", NOW["servers"], "--json", code=3)
    assert statements(json.loads(out)), "the rest was not read"
    for name in ("telegram.json", "broken.json", "broken.zip"):
        assert name in err, f"{name} is not named in:\n{err}"


# Folders of tests/fixtures/broken that hold no files of a user: pieces and texts for one reader inside the program.
NO_INPUT = {
    "dates": "texts for the readers of dates and amounts",
    "header": "values of single mail headers",
    "html": "bodies of letters; a page by itself is no source",
    "letter": "bodies of letters for the splitting of quotes",
    "redact": "texts for masking",
}


@check
def hostile_fixtures_of_every_kind(top):
    """Each broken file alone: a message that names it, an exit code of the table, never a crash or a hang."""
    base = os.path.join(SOURCE, "tests", "fixtures", "broken")
    seen = 0
    for folder, _, names in sorted(os.walk(base)):
        if os.path.basename(folder) in NO_INPUT:
            continue
        for n in sorted(names):
            if n.startswith("README") or n == "expect.tsv":  # what a folder is, and what its unit test expects
                continue
            path = os.path.join(folder, n)
            p = subprocess.run([SVODKA, "summarize", path, "--json"], capture_output=True, timeout=60)
            assert p.returncode in (0, 3, 4, 5, 6), f"{path}: exit {p.returncode}\n{p.stderr.decode(errors='replace')[-300:]}"
            if p.returncode:
                assert n in p.stderr.decode("utf-8", "replace"), f"{path}: not named in {p.stderr!r}"
            if p.returncode in (0, 3):
                json.loads(p.stdout)
            seen += 1
    assert seen >= 60, f"only {seen} broken fixtures"


@check
def wrong_calls_are_explained(top):
    for args, code, words in (
        (["summarise", "x"], 2, "summarize"),
        (["summarize"], 2, "PATH"),
        (["summarize", "/nonexistent/place"], 5, "/nonexistent/place"),
        (["summarize", top, "--format", "poem"], 2, "brief"),
        (["summarize", case("servers", top), "--as-of", "someday"], 2, "as-of"),
        (["inspect", "colours"], 2, "sentences"),
    ):
        out, err = run(*args, code=code)
        assert words in err and not out, (args, err)


@check
def inspect_prints_a_line_per_line(top):
    out, _ = run("inspect", "dates", "--at", "2025-11-03T10:00:00+05:00", stdin="Пришлю завтра\nбез даты\nдо 20 декабря\n".encode())
    lines = [json.loads(x) for x in out.strip().split("\n")]
    assert len(lines) == 3, out
    assert "2025-11-04" in json.dumps(lines[0]) and "2025-12-20" in json.dumps(lines[2])
    out, _ = run("inspect", "mask", stdin="Моя карта 4400 4301 8827 4614, ждите\n".encode())
    assert "8827" not in out
    out, _ = run("inspect", "messages", os.path.join(case("servers", top), "notes.csv"))
    assert len(out.strip().split("\n")) == 16 and all(json.loads(x) for x in out.strip().split("\n"))


@check
def doctor_is_content(top):
    out, _ = run("doctor")
    assert "morph.bin" in out


def main():
    failed = 0
    print(f"1..{len(CHECKS)}")
    with tempfile.TemporaryDirectory() as top:
        for i, f in enumerate(CHECKS, 1):
            try:
                f(top)
                print(f"ok {i} {f.__name__}", flush=True)
            except Exception as x:
                failed += 1
                print(f"not ok {i} {f.__name__}", flush=True)
                print("\n".join("# " + l for l in f"{type(x).__name__}: {x}".split("\n")[:30]), flush=True)
    sys.exit(failed > 0)


main()
