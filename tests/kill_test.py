#!/usr/bin/env python3
"""kill -9 at random moments of importing, erasing and serving: what was acknowledged is there once. Prints TAP.

kill_test.py SVODKA [TRIALS [SEED]]     TRIALS (50) of importing and of serving, a fifth of it of erasing

What a command acknowledges is its exit code 0, what the server acknowledges is its answer 200. After every kill the
database must be sound, hold every acknowledged message once and no message twice; what was not acknowledged is
there or not, and doing it again makes it whole. This is the end of a process, not of the machine's power.
"""
import http.client, json, os, random, re, shutil, socket, sqlite3, subprocess, sys, tempfile, threading, time

SVODKA = os.path.abspath(sys.argv[1])
TRIALS = int(sys.argv[2]) if len(sys.argv) > 2 else 50
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 31)
CLIENTS, NOTES, LETTERS = 4, 30, 20
PASSWORD = "verblud-vosem-gor"


def write_crm(folder, trial):
    """A folder a client; → {client: set of message keys}."""
    want = {}
    for c in range(CLIENTS):
        key = f"t{trial}-c{c}"
        where = os.path.join(folder, key)
        os.makedirs(where)
        want[key] = set()
        with open(os.path.join(where, "client.json"), "w", encoding="utf-8") as f:
            json.dump({"id": key, "name": f"ТОО «Пример {key}»", "language": "ru", "contacts": [], "managers": []}, f)
        with open(os.path.join(where, "notes.csv"), "w", encoding="utf-8") as f:
            f.write("id,created_at,author,text\n")
            for i in range(NOTES):
                f.write(f"{key}-n{i},2025-03-01T10:{i % 60:02d}:00+05:00,Анна,Заметка номер {i}: привезут щебень\n")
                want[key].add(f"{key}-n{i}")
        with open(os.path.join(where, "mail.mbox"), "w", encoding="utf-8") as f:
            for i in range(LETTERS):
                f.write(f"From a@example.kz Sat Mar  1 10:00:00 2025\nMessage-ID: <{key}-l{i}@example.kz>\n"
                        f"From: a@example.kz\nTo: b@example.kz\nDate: Sat, 1 Mar 2025 10:{i % 60:02d}:00 +0500\n"
                        f"Subject: Letter {i}\n\nWe shall send item {i} of {key} on Monday.\n\n")
                want[key].add(f"{key}-l{i}@example.kz")
    return want


def stored(db):
    """What the database holds: {client: sorted message keys}; it must be sound."""
    c = sqlite3.connect(db)
    sound = c.execute("PRAGMA integrity_check").fetchone()[0]
    assert sound == "ok", sound
    assert not c.execute("PRAGMA foreign_key_check").fetchall()
    have = {}
    for client, key in c.execute(
            "SELECT c.external, m.external FROM client c LEFT JOIN message m ON m.client_id=c.id"):
        have.setdefault(client, [])
        if key is not None:
            have[client].append(key)
    c.close()
    return {k: sorted(v) for k, v in have.items()}


def compare(have, acknowledged, possible=()):
    """Everything acknowledged once; of `possible` (client, keys) any part, but nothing twice; nothing else."""
    for client, keys in acknowledged.items():
        assert client in have, f"client {client} is lost"
        twice = [k for k in set(have[client]) if have[client].count(k) > 1]
        assert not twice, f"{client}: {len(twice)} messages twice"
        lost = set(keys) - set(have[client])
        assert not lost, f"{client}: {len(lost)} acknowledged messages lost"
    may = dict(possible)
    for client, keys in have.items():
        assert len(keys) == len(set(keys)), f"{client}: messages twice"
        strange = set(keys) - set(acknowledged.get(client, ())) - set(may.get(client, ()))
        assert not strange, f"{client}: {len(strange)} messages from nowhere"


def killed(args, delay):
    """Runs a command and kills it after a while; → True when it had ended with 0 before."""
    p = subprocess.Popen([SVODKA, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return p.wait(delay) == 0
    except subprocess.TimeoutExpired:
        p.kill()
        p.wait()
        return False


def timed(args):
    began = time.monotonic()
    p = subprocess.run([SVODKA, *args], capture_output=True, timeout=60)
    assert p.returncode == 0, p.stderr.decode()[-400:]
    return time.monotonic() - began


def importing(top, rng):
    db = os.path.join(top, "import.db")
    acknowledged, cut, partly = {}, 0, 0
    folder = os.path.join(top, "warm")
    want = write_crm(folder, "w")
    usual = timed(["import", "--crm", folder, "--db", os.path.join(top, "warm.db")])
    for trial in range(TRIALS):
        folder = os.path.join(top, f"crm{trial}")
        want = write_crm(folder, trial)
        args = ["import", "--crm", folder, "--db", db]
        done = killed(args, rng.uniform(0.002, usual * 1.2))
        cut += not done
        if done:
            acknowledged.update(want)
        if os.path.exists(db) and os.path.getsize(db):
            try:
                have = stored(db)
            except sqlite3.OperationalError as e:  # killed before the tables were made
                assert "no such table" in str(e), e
                have = {}
            compare(have, acknowledged, want.items())
            partly += not done and any(have.get(k) for k in want)
        timed(args)
        acknowledged.update(want)
        shutil.rmtree(folder)
    compare(stored(db), acknowledged)
    n = sum(map(len, acknowledged.values()))
    return f"{TRIALS} trials, {cut} killed before the end, {partly} with a part written, {n} messages: 0 lost, 0 doubled"


def residue(top, name, words):
    found = 0
    for f in os.listdir(top):
        if f.startswith(name):
            data = open(os.path.join(top, f), "rb").read()
            found += sum(data.count(w.encode()) for w in words)
    return found


def erasing(top, rng):
    db = os.path.join(top, "erase.db")
    trials, cut, completed = max(TRIALS // 5, 1), 0, 0
    usual = 0.05
    for trial in range(trials):
        folder = os.path.join(top, f"erase{trial}")
        want = write_crm(folder, f"e{trial}")
        timed(["import", "--crm", folder, "--db", db])
        shutil.rmtree(folder)
        doomed = f"te{trial}-c0"
        if trial == 0:
            usual = timed(["erase", "te0-c1", "--yes", "--db", db])
            del want["te0-c1"]
        done = killed(["erase", doomed, "--yes", "--db", db], rng.uniform(0.002, usual * 1.2))
        cut += not done
        have = stored(db)
        whole = have.get(doomed) == sorted(want[doomed])
        assert doomed not in have or (whole and not done), "half erased"
        # the next command completes it, or does it when nothing had been done
        p = subprocess.run([SVODKA, "erase", f"te{trial}-c2", "--yes", "--db", db], capture_output=True, timeout=60)
        assert p.returncode == 0, p.stderr.decode()
        completed += whole and doomed not in stored(db)
        if doomed in stored(db):
            timed(["erase", doomed, "--yes", "--db", db])
        assert doomed not in stored(db)
        assert stored(db)[f"te{trial}-c3"] == sorted(want[f"te{trial}-c3"])
        left = residue(top, "erase.db", [doomed + "-n", doomed + "-l", "Пример " + doomed])
        assert left == 0, f"{left} traces are left"
    return f"{trials} trials, {cut} killed before the end, {completed} completed by the next command: 0 traces left"


# ---- serving ----

def free_port():
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
    s.close()
    return port


def serve(db, port):
    p = subprocess.Popen([SVODKA, "serve", "--db", db, "--listen", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return p
        except OSError:
            assert p.poll() is None, "the server ended"
            time.sleep(0.01)
    p.kill()
    raise AssertionError("the server does not listen")


def post(connection, token, path, body):
    connection.request("POST", path, json.dumps(body), {"Authorization": f"Bearer {token}",
                                                        "Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    return answer.status, text


def sender(port, token, client, prefix, acked, tried):
    """Posts small batches until the server is gone."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        for n in range(100000):
            keys = [f"{prefix}-{n}-{i}" for i in range(3)]
            tried.update(keys)
            status, text = post(connection, token, f"/api/v1/clients/{client}/messages",
                                [{"id": k, "channel": "note", "at": "2025-03-01T10:00:00+05:00",
                                  "text": f"Обещали прислать {k}"} for k in keys])
            if status != 200:
                raise AssertionError(f"{status} {text[:200]}")
            acked.update(keys)
    except (OSError, http.client.HTTPException):
        pass


def serving(top, rng):
    db, port = os.path.join(top, "serve.db"), free_port()
    p = subprocess.run([SVODKA, "user", "add", "root", "--role", "admin", "--db", db], input=PASSWORD.encode() + b"\n",
                       capture_output=True)
    assert p.returncode == 0, p.stderr.decode()
    token = subprocess.run([SVODKA, "user", "token", "root", "--scopes", "read write admin", "--db", db],
                           capture_output=True, check=True).stdout.decode().split()[0]
    acked, tried, problems = set(), set(), []
    for trial in range(TRIALS):
        server = serve(db, port)
        c = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        status, text = post(c, token, "/api/v1/clients", {"external": "k1", "name": "ТОО «Пример»"})
        assert status in (200, 201), f"{status} {text[:200]}"
        client = json.loads(text)["id"]
        c.close()

        def guarded(*args):
            try:
                sender(*args)
            except AssertionError as e:
                problems.append(e)

        threads = [threading.Thread(target=guarded, args=(port, token, client, f"{trial}-{t}", acked, tried))
                   for t in range(3)]
        for t in threads:
            t.start()
        time.sleep(rng.uniform(0.0, 0.2))
        server.kill()
        server.wait()
        for t in threads:
            t.join()
        assert not problems, problems[0]
        compare(stored(db), {"k1": acked}, [("k1", tried)])
    p = subprocess.run([SVODKA, "audit", "verify", "--db", db], capture_output=True)
    assert p.returncode == 0, p.stderr.decode()
    return f"{TRIALS} trials, {len(acked)} acknowledged messages, {len(tried) - len(acked)} not: 0 lost, 0 doubled"


def main():
    modes = [importing, erasing, serving]
    commands = subprocess.run([SVODKA, "--help"], capture_output=True).stdout.decode()
    print(f"1..{len(modes)}\n# seed {SEED}", flush=True)
    failed = 0
    for n, mode in enumerate(modes, 1):
        top = tempfile.mkdtemp(prefix="svodka-kill-")
        began = time.monotonic()
        try:
            if mode is serving and not re.search(r"^  serve\b", commands, re.M):
                print(f"ok {n} serving # SKIP this program does not serve")
                continue
            said = mode(top, random.Random(f"{SEED} {mode.__name__}"))
            print(f"# {mode.__name__}: {said}, seed {SEED}, {time.monotonic() - began:.1f} s\nok {n} {mode.__name__}")
        except (AssertionError, subprocess.SubprocessError, OSError, sqlite3.Error) as e:
            failed += 1
            print(f"# seed {SEED}: {type(e).__name__}: {e}\nnot ok {n} {mode.__name__}")
        finally:
            shutil.rmtree(top, ignore_errors=True)
        sys.stdout.flush()
    return 1 if failed else 0


sys.exit(main())
