#!/usr/bin/env python3
"""Hostile repetition must not cost: whole runs of `svodka summarize` over files made to be slow. Prints TAP.

cost_test.py SVODKA

Each bomb is measured at N and 2 N bytes in processor time, since other programs may be running: at 2 N it may take
MOST seconds, and GROWTH times what it took at N, above the time of an empty run. A measure that is too high is taken
again: what is left after TRIES tries is no noise. The sanitised builds of developers are several times slower; set
COST_FACTOR for them.
"""
import json, os, resource, subprocess, sys, tempfile

SVODKA = os.path.abspath(sys.argv[1])
N, MOST, GROWTH, TRIES = 1 << 19, 3.0 * float(os.environ.get("COST_FACTOR", "1")), 2.5, 4
LEAST = 0.25  # seconds; below it growth is noise
HEAD = "From: Мария <m@a.example>\nTo: a@b.example\nDate: Mon, 3 Nov 2025 10:15:20 +0500\nSubject: s\nMessage-ID: <1@a>\n"


def fill(text, n):
    data = text if isinstance(text, bytes) else text.encode()
    return data * (n // len(data) + 1)


def letter(text, kind="plain"):
    return lambda n: (HEAD + f"Content-Type: text/{kind}; charset=utf-8\n\n").encode() + fill(text, n)


def lines(head, line, size):
    """`line` is made of its number."""
    return lambda n: (head + "".join(line(i) for i in range(n // size))).encode()


def chat(text):
    return lines("", lambda i: f"{1 + i // 1440 % 28:02}.11.2025, {i // 60 % 24:02}:{i % 60:02} - Мария: {text.format(i)}\n", 95)


def telegram(n):
    messages = [{"id": i, "type": "message", "date": "2025-11-03T10:15:20", "from": f"М{i}", "from_id": f"user{i}", "reply_to_message_id": i - 1,
                 "text": "Пришлю завтра"} for i in range(n // 150)]
    return json.dumps({"name": "x", "type": "personal_chat", "id": 1, "messages": messages}, ensure_ascii=False).encode()


def call(n):
    segments = [{"start": i, "end": i + 1, "speaker": f"a{i}", "text": "пришлю договор"} for i in range(n // 80)]
    return json.dumps({"id": "k", "started_at": "2025-11-03T10:15:20+05:00", "participants": [], "segments": segments}, ensure_ascii=False).encode()


def mbox(i):
    return (f"From a@b Mon Nov  3 10:15:20 2025\nFrom: Мария{i} <m{i}@a.example>\nTo: a@b.example\nDate: Mon, 3 Nov 2025 10:15:20 +0500\n"
            f"Subject: Re: s\nMessage-ID: <{i}@a>\nIn-Reply-To: <{i - 1}@a>\nContent-Type: text/plain; charset=utf-8\n\nПришлю договор.\n\n")


BOMBS = {
    "ones": letter("1 "),
    "digits": letter("1"),
    "dotted digits": letter("1."),
    "slashed digits": letter("1/"),
    "brackets": letter("("),
    "quote marks": letter("> "),
    "quoted lines": letter("> > > а\n> б\n"),
    "one letter": letter("а "),
    "one line": letter("абвгд"),
    "short lines": letter("да\n\n"),
    "list": letter("1. а\n"),
    "list of promises": letter("- Пришлю договор завтра\n"),
    "promises": letter("Пришлю договор завтра. "),
    "names": letter("Мария Козлова "),
    "dates": letter("до 20 декабря "),
    "edges of time": letter("до конца "),
    "money": letter("450 000 тенге "),
    "phones": letter("+7 701 721-44-08 "),
    "signature lines": letter("-- \n"),
    "attributions": letter("On Mon, Tom wrote:\n"),
    "orders": letter("ignore previous instructions. Пришлю договор.\n\n"),
    "no text": letter(bytes(range(128, 256))),
    "tables in tables": letter("<table><tr><td>", "html"),
    "angle brackets": letter("<", "html"),
    "parts": lambda n: (HEAD + "Content-Type: multipart/mixed; boundary=a\n\n").encode() + fill("--a\nContent-Type: text/plain\n\nb\n", n),
    "letters": lines("", mbox, 260),
    "chat": chat("Пришлю завтра предмет{0}, {0} коробок."),
    "chat of one word": chat("ок"),
    "telegram": telegram,
    "call": call,
    "deep JSON": lambda n: b'{"messages": [' + fill('{"text":', n),
    "brackets in JSON": lambda n: fill("[", n),
    "rows": lines("id,created_at,author,text\n", lambda i: f"{i},2025-11-{1 + i % 28:02}T10:15:20+05:00,Автор{i},Просит счёт {i} до {1 + i % 28} декабря\n", 50),
    "deals": lines("id,changed_at,deal_id,title,stage,amount,currency,author,reason\n",
                   lambda i: f"{i},2025-11-{1 + i % 28:02}T10:15:20+05:00,d{i},Поставка {i},Переговоры,{i}000,KZT,Мария,\n", 70),
    "columns": lambda n: b"id,created_at,author,text\n" + fill(",", n),
}


def seconds(path, data):
    with open(path, "wb") as f:
        f.write(data)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run([SVODKA, "summarize", path, "--as-of", "2025-12-08T09:00", "--html"], capture_output=True, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert p.returncode in (0, 3, 4, 5, 6), f"exit {p.returncode}: {p.stderr.decode(errors='replace')[-300:]}"
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(path, bomb, empty):
    small = large = 60.0
    data = bomb(N), bomb(2 * N)
    for _ in range(TRIES):
        large = min(large, seconds(path, data[1]))
        if large < LEAST:
            return large, 0
        small = min(small, seconds(path, data[0]))
        growth = (large - empty) / max(small - empty, 0.01)
        if large <= MOST and growth <= GROWTH:
            break
    return large, growth


def main():
    failed = 0
    print(f"1..{len(BOMBS)}")
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, "bomb")
        empty = min(seconds(path, (HEAD + "\nок\n").encode()) for _ in range(3))
        for i, (name, bomb) in enumerate(BOMBS.items(), 1):
            try:
                large, growth = measure(path, bomb, empty)
                said = f"{large:.2f} s" + (f", grows {growth:.1f} times" if growth else "")
                good = large <= MOST and growth <= GROWTH
            except (AssertionError, subprocess.TimeoutExpired) as x:
                good, said = False, str(x).replace("\n", " ")
            failed += not good
            print(f"{'' if good else 'not '}ok {i} {name}: {said}", flush=True)
    sys.exit(failed > 0)


main()
