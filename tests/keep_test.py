#!/usr/bin/env python3
"""svodka erase, backup, restore and rebuild as an administrator meets them. Prints TAP.

keep_test.py SVODKA SOURCE
"""
import json, os, pty, shutil, subprocess, sys, tempfile

SVODKA, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
sys.path.insert(0, os.path.join(SOURCE, "eval"))
import render

CHECKS = []


def check(f):
    CHECKS.append(f)
    return f


def run(*args, code=0):
    p = subprocess.run([SVODKA, *args], capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    out, err = p.stdout.decode(), p.stderr.decode()
    assert p.returncode == code, f"{args}: exit {p.returncode}, expected {code}\n{err[-600:]}"
    return out, err


def answered(words, *args):
    """Runs on a terminal and types an answer; → exit code."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(SVODKA, [SVODKA, *args])
    os.write(fd, words.encode() + b"\n")
    said = b""
    try:
        while chunk := os.read(fd, 4096):
            said += chunk
    except OSError:
        pass
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode()


def world(top):
    """A database with one client, 1042, and one of its messages' keys."""
    db = os.path.join(top, "w.db")
    case = json.load(open(os.path.join(SOURCE, "eval/cases/servers.json"), encoding="utf-8"))
    history = os.path.join(top, "history")
    render.render(case, history)
    out = json.loads(run("import", history, "--client", "1042", "--db", db, "--json")[0])
    with open(os.path.join(top, "extra.csv"), "w", encoding="utf-8") as f:
        f.write("id,created_at,author,text\nnote-77,2025-03-01T10:00:00+05:00,Анна,Лиловый слон просил скидку\n")
    run("import", os.path.join(top, "extra.csv"), "--client", "1042", "--db", db)
    return db, out["added"] + 1


def holds(top, text):
    return [f for f in os.listdir(top) if f.startswith("w.db") and text.encode() in open(os.path.join(top, f), "rb").read()]


@check
def a_message_goes_and_stays_gone(top):
    db, n = world(top)
    backup = os.path.join(top, "b.db")
    run("backup", backup, "--db", db)
    assert os.stat(backup).st_mode & 0o077 == 0
    run("backup", backup, "--db", db, code=10)
    assert holds(top, "Лиловый слон")
    out = json.loads(run("erase", "1042", "--message", "note-77", "--yes", "--json", "--db", db)[0])
    assert out["messages"] == 1 and out["clients"] == 0, out
    assert not holds(top, "Лиловый слон") and not holds(top, "лиловый слон")
    run("erase", "1042", "--message", "note-77", "--yes", "--db", db, code=5)
    run("restore", backup, "--db", db, code=10)
    assert "1 messages" in run("restore", backup, "--db", db, "--yes")[0]
    assert not holds(top, "Лиловый слон")
    assert json.loads(run("import", os.path.join(top, "history"), "--client", "1042", "--db", db, "--json")[0])["same"] == n - 1


@check
def it_asks(top):
    db, n = world(top)
    _, err = run("erase", "1042", "--db", db, code=2)
    assert "--yes" in err
    code, said = answered("no", "erase", "1042", "--db", db)
    assert code == 2 and "nothing was erased" in said, said
    assert "1042" in run("client", "list", "--db", db)[0]
    code, said = answered("yes", "erase", "1042", "--db", db)
    assert code == 0 and f"{n} messages" in said, said
    assert "1042" not in run("client", "list", "--db", db)[0]
    run("erase", "1042", "--yes", "--db", db, code=5)


@check
def the_audit_tells_the_deed_and_no_more(top):
    db, _ = world(top)
    run("erase", "1042", "--message", "note-77", "--yes", "--db", db)
    run("erase", "1042", "--yes", "--db", db)
    lines = [json.loads(line) for line in run("audit", "export", "--db", db)[0].splitlines()]
    actions = [line["action"] for line in lines]
    assert actions.count("erase.begin") == 2 and actions.count("erase") == 2, actions
    told = json.dumps(lines, ensure_ascii=False)
    assert "note-77" not in told and "1042" not in told and "Лиловый" not in told
    assert "1 messages" in told
    run("audit", "verify", "--db", db)


@check
def rebuild_drops_and_asks_anew(top):
    db, _ = world(top)
    assert "1 clients anew" in run("rebuild", "--db", db)[0]
    run("rebuild", "what", "--db", db, code=2)


@check
def wrong_usage_and_absent_files(top):
    db = os.path.join(top, "none.db")
    for args in (["erase"], ["erase", "a", "b"], ["erase", "a", "--message", "x", "--person", "y"], ["backup"], ["restore"],
                 ["restore", "a", "b"]):
        run(*args, "--db", db, code=2)
    run("erase", "1", "--yes", "--db", db, code=5)
    run("backup", os.path.join(top, "b.db"), "--db", db, code=5)
    run("restore", os.path.join(top, "b.db"), "--db", db, code=5)
    with open(os.path.join(top, "text.db"), "w") as f:
        f.write("no database " * 100)
    run("restore", os.path.join(top, "text.db"), "--db", db, code=8)
    assert not os.path.exists(db)


failed = 0
print(f"1..{len(CHECKS)}")
for i, f in enumerate(CHECKS, 1):
    folder = tempfile.mkdtemp(prefix="svodka-keep-")
    try:
        f(folder)
        print(f"ok {i} {f.__name__}")
    except Exception as e:
        failed += 1
        print("".join(f"# {line}\n" for line in f"{type(e).__name__}: {e}".splitlines()) + f"not ok {i} {f.__name__}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
sys.exit(1 if failed else 0)
