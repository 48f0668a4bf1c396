#!/usr/bin/env python3
"""How often the reader of dates finds the due date of a fact in its quote.

check_dates.py LANG_PROBE [-v]: for every fact of eval/facts with a due date, reads its quote, and also the whole body of
its message, as of the message's moment, and counts the facts whose due date is the end or the beginning of a date found.
Many due dates are not in the quote at all (consent, "by then"), so 100 % is out of reach. -v prints the misses.
"""
import collections
import glob
import json
import os
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "eval")


def body(event):
    if event.get("turns"):
        return "\n".join(text for _, text in event["turns"])
    return "\n".join(str(event.get(key) or "") for key in ("subject", "body", "reason"))


def load():
    rows = []
    for path in sorted(glob.glob(ROOT + "/facts/*.json")):
        facts = json.load(open(path))
        case = None
        for folder in ("cases", "train"):
            name = f"{ROOT}/{folder}/{facts['case']}.json"
            if os.path.exists(name):
                case = json.load(open(name))
        events = {event["id"]: event for event in case["events"]}
        for fact in facts["facts"]:
            if fact.get("due"):
                event = events[fact["ev"]]
                rows.append((facts["case"], event["at"] + case["tz"], case["lang"], fact["due"], fact["quote"], body(event)))
    return rows


def escape(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", " ").replace("\r", "")


def main():
    rows = load()
    lines = [f"dates\t{at}\t{lang}\t{escape(text)}\n" for _, at, lang, _, quote, full in rows for text in (quote, full)]
    out = subprocess.run([sys.argv[1]], input="".join(lines), capture_output=True, text=True, check=True).stdout.split("\n")
    count = collections.Counter()
    for i, (case, at, _, due, quote, _) in enumerate(rows):
        found = [mention.split("|") for mention in out[2 * i].split("\t") if mention]
        whole = [mention.split("|") for mention in out[2 * i + 1].split("\t") if mention]
        count[case, "all"] += 1
        count[case, "any"] += bool(found)
        count[case, "to"] += any(len(m) > 2 and m[2] == due for m in found)
        hit = any(len(m) > 2 and due in m[1:3] for m in found)
        count[case, "to or from"] += hit
        count[case, "in body"] += any(len(m) > 2 and due in m[1:3] for m in whole)
        if not hit and "-v" in sys.argv:
            print(case, at[:10], due, quote.replace("\n", " ")[:160], ["|".join(m[:3]) for m in found], sep=" | ")
    columns = ("all", "any", "to", "to or from", "in body")
    print("%-12s" % "case", *("%11s" % c for c in columns))
    for case in sorted({row[0] for row in rows}) + ["total"]:
        print("%-12s" % case, *("%11d" % sum(v for (k, c), v in count.items() if c == column and case in (k, "total")) for column in columns))


main()
