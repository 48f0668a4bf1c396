#!/usr/bin/env python3
"""Speed and memory of `svodka summarize` as ratios: against `notmuch new` on the same letters, and of one size to the next.

bench.py --build DIR [--runs N]

Weaves a client of 500 letters, 200 chat messages and 50 calls from the labelled cases of one language, writes it as the
export files of render.py, and times whole processes pinned to one core: the median of N runs. The same at 2, 4 and 8
times the size. Prints the ratios of the goals and fails when one is missed.
"""
import argparse, copy, json, mailbox, os, resource, shutil, statistics, subprocess, sys, tempfile, time
from datetime import datetime, timedelta

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "eval"))
import render

WANT = {"email": 500, "chat": 200, "call": 50, "note": 40, "deal": 30}


def kind(e):
    return "chat" if e["ch"] in ("whatsapp", "telegram") else e["ch"]


def weave(times):
    """One long history: the events of the Russian cases, again and again, each round a year earlier and reworded by number."""
    cases = [json.load(open(os.path.join(ROOT, "eval", "cases", n + ".json"))) for n in ("agro", "building", "courses", "labs", "saas", "servers")]
    out = {"case": "bench", "lang": "ru", "tz": cases[0]["tz"], "now": cases[0]["now"], "client": {"name": "ООО «Замер»"}, "people": [], "events": []}
    left, round_no = {k: v * times for k, v in WANT.items()}, 0
    for i, c in enumerate(cases):
        for p in c["people"]:
            q = dict(p, id=f"{p['id']}x{i}")
            out["people"].append(q)
    while any(left.values()):
        for i, c in enumerate(cases):
            name = lambda x: f"{x}x{i}" if x in {p["id"] for p in c["people"]} else x
            for e in c["events"]:
                if left[kind(e)] <= 0:
                    continue
                left[kind(e)] -= 1
                f = copy.deepcopy(e)
                f["id"], f["from"] = f"{e['id']}x{i}x{round_no}", name(e.get("from"))
                f["at"] = (datetime.fromisoformat(e["at"]) - timedelta(days=30 * round_no, seconds=len(out["events"]) % 50)).isoformat()
                f["to"], f["cc"] = [name(x) for x in e.get("to", [])], [name(x) for x in e.get("cc", [])]
                if e.get("thread"):
                    f["thread"] = f"{e['thread']}x{i}x{round_no}"
                if e.get("reply"):
                    f["reply"] = f"{e['reply']}x{i}x{round_no}"
                if e["ch"] == "call":
                    f["turns"] = [[name(w), t] for w, t in e["turns"]]
                elif e["ch"] == "deal":
                    f["deal"] = f"{e['deal']}-{i}-{round_no}"
                else:
                    f["body"] = e["body"] + (f"\nИсх. {round_no * 1000 + len(out['events'])}" if e["ch"] == "email" else "")
                out["events"].append(f)
        round_no += 1
    out["events"].sort(key=lambda e: e["at"])
    return out


def one_run(command, env=None):
    t = time.perf_counter()
    p = subprocess.Popen(["taskset", "-c", "0"] + command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    err = p.stderr.read()
    _, status, use = os.wait4(p.pid, 0)
    wall = time.perf_counter() - t
    if status:
        sys.exit(f"{' '.join(command)}: status {status}\n{err.decode(errors='replace')}")
    return wall, use.ru_utime + use.ru_stime, use.ru_maxrss * 1024


def timed(command, runs):
    got = [one_run(command) for _ in range(runs + 1)][1:]
    return statistics.median(g[0] for g in got), max(g[2] for g in got)


def size_of(path):
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(path) for f in fs)


def against_notmuch(folder, command, runs):
    """Svodka and `notmuch new` on the same letters (a Maildir, its index made anew each time) in turn, A B A B …, so that a
    drifting machine slows both: the median of the ratios pair by pair, and of notmuch's seconds."""
    top = os.path.join(folder, "notmuch")
    os.makedirs(top)
    box = mailbox.Maildir(os.path.join(top, "mail"), create=True)
    for m in mailbox.mbox(os.path.join(folder, "files", "mail.mbox")):
        box.add(m)
    config = os.path.join(top, "config")
    with open(config, "w") as f:
        f.write(f"[database]\npath={top}/mail\n[user]\nname=a\nprimary_email=a@example.com\n[new]\ntags=\nignore=\n[search]\n[maildir]\nsynchronize_flags=false\n")
    env, ratios, seconds = dict(os.environ, NOTMUCH_CONFIG=config, HOME=top), [], []
    for i in range(runs + 1):
        shutil.rmtree(os.path.join(top, "mail", ".notmuch"), ignore_errors=True)
        ours = one_run(command)[0]
        theirs = one_run(["notmuch", "new", "--quiet"], env)[0]
        if i:  # the first pair warms up
            ratios.append(ours / theirs)
            seconds.append(theirs)
    return statistics.median(ratios), statistics.median(seconds)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", default="build")
    ap.add_argument("--runs", type=int, default=5)
    a = ap.parse_args()
    svodka, bad, before = os.path.join(a.build, "svodka"), [], None
    print(f"median of {a.runs} runs, one core\n{'size':>5} {'letters':>8} {'input MiB':>10} {'seconds':>8} {'growth':>7} {'peak MiB':>9} {'peak goal':>10}")
    with tempfile.TemporaryDirectory() as top:
        for times in (1, 2, 4, 8):
            folder = os.path.join(top, str(times))
            case = weave(times)
            render.render(case, os.path.join(folder, "files"))
            size = size_of(os.path.join(folder, "files"))
            command = [svodka, "summarize", os.path.join(folder, "files"), "--as-of", case["now"], "--format", "sections", "--json"]
            wall, peak = timed(command, a.runs if times < 8 else max(3, a.runs // 2))
            goal = 8 * size + (64 << 20)
            growth = wall / before if before else None
            print(f"{times:>4}x {WANT['email'] * times:>8} {size / 2**20:>10.1f} {wall:>8.3f} {'' if growth is None else f'{growth:.2f}':>7} {peak / 2**20:>9.1f} {goal / 2**20:>10.1f}")
            if growth and growth > 2.2:
                bad.append(f"growth {growth:.2f} at {times}x, goal 2.2")
            if peak > goal:
                bad.append(f"peak memory {peak / 2**20:.0f} MiB at {times}x, goal {goal / 2**20:.0f}")
            if times == 1:
                first, other = against_notmuch(folder, command, max(a.runs, 7))
                print(f"      notmuch new on the same {WANT['email']} letters: {other:.3f} s; ratio {first:.2f} (median of pairs), goal 0.25")
                if first > 0.25:
                    bad.append(f"ratio to notmuch {first:.2f}, goal 0.25")
            before = wall
    print("\n".join("MISSED: " + b for b in bad) or "all goals met")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
