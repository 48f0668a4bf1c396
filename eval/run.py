#!/usr/bin/env python3
"""Score the summaries on the labelled cases, each with models that have never seen it.

run.py --build DIR [--case NAME ...] [--show] [--shipped]

For every case two recognisers of acts and a chooser are trained without it (kept in DIR/eval/ while nothing that they
are learned from has changed), the case is rendered to export files, summarised and scored by score.py. --shipped takes
the models that the program ships with: for the invariants only, since those have seen all cases but one.
"""
import argparse, collections, hashlib, json, os, subprocess, sys, threading
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "eval"))
import score

NEVER = "servers"  # the demo's case is never learned from


def digest(paths):
    h = hashlib.sha256()
    for p in sorted(paths):
        h.update(p.encode())
        h.update(open(p, "rb").read())
    return h.hexdigest()[:16]


def files(*parts):
    top = os.path.join(ROOT, *parts)
    return [os.path.join(d, f) for d, _, fs in os.walk(top) for f in fs]


def run(*command):
    p = subprocess.run(command, capture_output=True, text=True)
    if p.returncode:
        sys.exit(f"{' '.join(command)}\n{p.stderr}")


class Models:
    """Recognisers and choosers by what they have not seen, trained once."""

    def __init__(self, build):
        self.build, self.names = build, sorted(f[:-5] for f in os.listdir(os.path.join(ROOT, "eval", "facts")))
        tools = [os.path.join(build, "tools", t) for t in ("train_acts", "train_worth")]
        learned = files("eval", "facts") + files("eval", "corpus") + files("eval", "cases") + files("eval", "train")
        self.training = collections.defaultdict(threading.Lock)  # two cases may leave out the same others: train once
        self.acts_key = digest(learned + tools[:1])
        self.all_key = digest(learned + tools)

    def acts(self, unseen):
        unseen = sorted(set(unseen) | {NEVER})
        path = os.path.join(self.build, "eval", f"acts-{self.acts_key}-{'-'.join(unseen)}.bin")
        with self.training[path]:
            if not os.path.exists(path):
                run(os.path.join(self.build, "tools", "train_acts"), "--out", path + ".new", "--source", ROOT,
                    *[a for n in unseen for a in ("--leave-out", n)])
                os.rename(path + ".new", path)
        return path

    def folder(self, case):
        """A data folder for a case: recogniser and chooser without it."""
        d = os.path.join(self.build, "eval", f"{case}-{self.all_key}")
        worth = os.path.join(d, "worth.txt")
        if not os.path.exists(worth):
            os.makedirs(d, exist_ok=True)
            learn = [n for n in self.names if n not in (case, NEVER)]
            halves = [learn[0::2], learn[1::2]]
            acts = [f"--acts={','.join(h)}={self.acts(h + [case])}" for h in halves]
            link(self.acts([case]), os.path.join(d, "acts.bin"))
            link(os.path.join(self.build, "data", "morph.bin"), os.path.join(d, "morph.bin"))
            run(os.path.join(self.build, "tools", "train_worth"), "--out", worth, "--data", d, "--source", ROOT, *acts, "--leave-out", case)
        return d


def link(target, name):
    if os.path.lexists(name):
        os.remove(name)
    os.symlink(os.path.abspath(target), name)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", default="build")
    ap.add_argument("--case", action="append")
    ap.add_argument("--show", action="store_true", help="list what was missed")
    ap.add_argument("--shipped", action="store_true", help="take the shipped models (for the invariants)")
    ap.add_argument("--invariants", action="store_true", help="fail unless leak is 0 and cite 1.00 on every case")
    a = ap.parse_args()
    build = os.path.abspath(a.build)
    os.makedirs(os.path.join(build, "eval"), exist_ok=True)
    cases = a.case or sorted(f[:-5] for f in os.listdir(os.path.join(ROOT, "eval", "cases")))
    models = None if a.shipped else Models(build)
    with ThreadPoolExecutor(2) as pool:
        data = list(pool.map(lambda c: os.path.join(build, "data") if a.shipped else models.folder(c), cases))

    def one(pair):
        name, folder = pair
        svodka = os.path.join(build, "svodka")
        cmd = f"{svodka} summarize {{dir}} --format {{format}} --as-of {{now}} --json --data {folder}"
        return score.score(score.Case(os.path.join(ROOT, "eval", "cases", name + ".json")), cmd, a.show)

    with ThreadPoolExecutor(2) as pool:
        results = dict(zip(cases, pool.map(one, zip(cases, data))))
    if a.show:
        for name, (_, miss) in results.items():
            print(f"## {name}\n  " + "\n  ".join(miss))
    rows = {n: r for n, (r, _) in results.items()}
    score.table(rows)
    broken = [n for n, r in rows.items() if r["leak"] or r["cite"] != 1.0]
    if a.invariants and broken:
        for n in broken:
            print(f"{n}: leak {rows[n]['leak']}, cite {rows[n]['cite']}", *[m for m in results[n][1] if m.split()[0] in ("leak:", "cite:", "privileged", "injected", "brief:", "sections:")][:6], sep="\n  ")
        sys.exit(1)


if __name__ == "__main__":
    main()
