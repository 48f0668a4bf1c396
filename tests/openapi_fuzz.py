#!/usr/bin/env python3
"""Every route of the interface with good and bad input: no 5xx, and every answer as /api/v1/openapi.json says. Prints TAP.

openapi_fuzz.py SVODKA REPOSITORY [SECONDS [SEED]]

Starts `svodka serve` over a fresh database, imports a rendered history, then walks the description: parameters and bodies are
made from the schemas and spoiled (wrong types, huge, negative, NUL, ill-formed UTF-8, deep JSON, missing and unknown members).
The status of every answer must be one that the description names, its media type too, and JSON must fit the schema. At the
end the server must still be well and the chain of the audit must hold.
"""
import http.client, json, os, random, re, shutil, signal, subprocess, sys, tempfile, time

SVODKA, REPOSITORY = os.path.abspath(sys.argv[1]), sys.argv[2]
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 25
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1 << 31)
PASSWORD = "zelenyj-chajnik-42"
BASE = "/api/v1"
METHODS = ("get", "post", "put", "patch", "delete")


class Server:
    def __init__(self, folder):
        self.process = subprocess.Popen([SVODKA, "serve", "--db", os.path.join(folder, "svodka.db"), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline()).group(1))
        self.code = self.process.stdout.readline().split()[-1]
        self.link = None

    def ask(self, method, target, body=None, headers=None):
        """status, headers, bytes; a dropped connection is made again once."""
        for last in (False, True):
            if self.link is None:
                self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.link.putrequest(method, target, skip_accept_encoding=True)
                for name, value in (headers or {}).items():
                    self.link.putheader(name, value)
                if body is not None:
                    self.link.putheader("Content-Length", str(len(body)))
                self.link.endheaders(body)
                answer = self.link.getresponse()
                return answer.status, answer.headers, answer.read()
            except (http.client.HTTPException, OSError):
                self.link.close()
                self.link = None
                if last:
                    raise

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        return code, self.process.stderr.read()


# ── the schemas ──

class Schemas:
    def __init__(self, document):
        self.all = document["components"]["schemas"]

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.all[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}

    def is_type(self, value, name):
        if name == "integer":
            return isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value)
        if name == "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        return isinstance(value, self.TYPES[name])

    def check(self, value, schema, where="$"):
        """What is wrong, or None."""
        schema = self.resolve(schema)
        if "oneOf" in schema:
            fits = [s for s in schema["oneOf"] if self.check(value, s) is None]
            return None if len(fits) == 1 else f"{where}: {len(fits)} of oneOf fit"
        types = schema.get("type")
        if types and not any(self.is_type(value, t) for t in ([types] if isinstance(types, str) else types)):
            return f"{where}: {type(value).__name__} is not {types}"
        if "enum" in schema and value not in schema["enum"]:
            return f"{where}: not in enum"
        if isinstance(value, str):
            if "pattern" in schema and not re.search(schema["pattern"], value):
                return f"{where}: pattern"
            if len(value) < schema.get("minLength", 0):
                return f"{where}: too short"
        if isinstance(value, (int, float)) and value < schema.get("minimum", float("-inf")):
            return f"{where}: too small"
        if isinstance(value, list):
            if len(value) < schema.get("minItems", 0):
                return f"{where}: too few items"
            for i, item in enumerate(value):
                wrong = self.check(item, schema.get("items", {}), f"{where}[{i}]")
                if wrong:
                    return wrong
        if isinstance(value, dict):
            known = schema.get("properties", {})
            for name in schema.get("required", []):
                if name not in value:
                    return f"{where}.{name}: missing"
            for name, item in value.items():
                if name not in known and schema.get("additionalProperties") is False:
                    return f"{where}.{name}: unknown"
                wrong = self.check(item, known.get(name, {}), f"{where}.{name}")
                if wrong:
                    return wrong
        return None

    def make(self, schema, r, depth=0):
        """A value that fits, mostly."""
        schema = self.resolve(schema)
        if "oneOf" in schema:
            return self.make(r.choice(schema["oneOf"]), r, depth)
        if "enum" in schema:
            return r.choice(schema["enum"])
        types = schema.get("type", "string")
        kind = r.choice(types) if isinstance(types, list) else types
        if kind == "object":
            known = schema.get("properties", {})
            return {n: self.make(s, r, depth + 1) for n, s in known.items() if n in schema.get("required", []) or r.random() < .5}
        if kind == "array":
            return [self.make(schema.get("items", {}), r, depth + 1) for _ in range(r.randrange(3))]
        if kind in ("integer", "number"):
            return r.choice([1, 2, 3, 5, 20])
        if kind == "boolean":
            return r.random() < .5
        if kind == "null":
            return None
        return r.choice(["brief", "n1", "anna", "Договор до 10 декабря", "2025-11-01T10:00:00+05:00", "2025-12-08", "legal", "read",
                         "note", "", "a" * min(40, schema.get("maxLength", 40))])


WORDS = ["", "%20", "0", "-1", "9" * 30, "1e9", "NaN", "null", "true", "%00", "%0d%0aX:%20y", "%ff%fe", "%c0%af", "../../etc/passwd",
         "..%2f..%2f", "{}", "[]", "';DROP%20TABLE%20client;--", "<script>", "%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80", "a" * 3000,
         "%F0%9F%92%A9", "2025-13-45", "en", "pdf", "%25s%25n"]
VALUES = [None, True, 0, -1, 1e308, -1e308, 10 ** 25, 0.5, "", "\u0000", "\ud7ff", "a" * 100000, [], {}, [[]], {"a": {"b": 1}}, "\u202e",
          [None] * 50, "1", "=cmd|' /C calc'!A0"]


def spoil(value, r):
    """One thing in it is wrong."""
    if isinstance(value, dict) and value and r.random() < .85:
        name = r.choice(list(value))
        return {**value, name: spoil(value[name], r)} if r.random() < .8 else {n: v for n, v in value.items() if n != name}
    if isinstance(value, list) and value and r.random() < .7:
        i = r.randrange(len(value))
        return value[:i] + [spoil(value[i], r)] + value[i + 1:]
    return r.choice(VALUES)


def raw_body(r):
    """Bytes that are no JSON, or hostile."""
    return r.choice([b"", b"{", b"[" * 50000, b'{"a":' * 20000, b"\xff\xfe\x00", b'{"id":"\x00"}', b'{"id":"\xc3\x28"}', b"null", b"[]",
                     b'"' + b"x" * 200000 + b'"', b'{"a":1,"a":2}', b"\xef\xbb\xbf{}", b"1" * 5000, b"[" + b"{}," * 6000 + b"{}]"])


def multipart(files):
    out = b""
    for name, data in files:
        out += b'--q\r\nContent-Disposition: form-data; name="files"; filename="' + name + b'"\r\n\r\n' + data + b"\r\n"
    return out + b"--q--\r\n", {"Content-Type": "multipart/form-data; boundary=q"}


# ── the world ──

def prepare(server, folder):
    """An administrator's token; a client with a history, one without, a label, a manager."""
    def ask(method, path, body=None, token=None, extra=None, want=(200, 201, 204)):
        headers = {**({"Authorization": "Bearer " + token} if token else {}), **(extra or {})}
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        status, got, text = server.ask(method, BASE + path, data, headers)
        assert status in want, (method, path, status, text[:300])
        return got, json.loads(text) if text else None
    ask("POST", "/first", {"code": server.code, "login": "root", "password": PASSWORD})
    got, me = ask("POST", "/session", {"login": "root", "password": PASSWORD})
    session = {"Cookie": got["Set-Cookie"].split(";")[0], "X-CSRF-Token": me["csrf"]}
    _, made = ask("POST", "/tokens", {"user": 1, "name": "fuzz", "scopes": "read write admin"}, extra=session)
    token = made["token"]
    ask("POST", "/users", {"login": "anna", "role": "manager", "password": PASSWORD}, token)
    ask("POST", "/labels", {"name": "legal"}, token)
    files = []
    subprocess.run([sys.executable, os.path.join(REPOSITORY, "eval/render.py"), os.path.join(REPOSITORY, "eval/cases/servers.json"),
        os.path.join(folder, "files")], check=True, stdout=subprocess.DEVNULL)
    for where, _, names in os.walk(os.path.join(folder, "files")):
        for name in sorted(names):
            with open(os.path.join(where, name), "rb") as f:
                files.append((name.encode(), f.read()))
    body, kind = multipart(files)
    ask("POST", "/imports?client=servers", body, token, kind)
    ask("POST", "/clients", {"external": "empty", "name": "Пусто", "owner": "anna"}, token)
    return token, files


# ── the walk ──

# what the schemas cannot know: names that are there
KNOWN = {f"patch {BASE}/clients/{{client}}": {"readers": ["anna"], "team": None}, f"post {BASE}/tokens": {"user": 2, "name": "t",
    "scopes": "read"}, f"post {BASE}/erase": {"client": 99}, f"post {BASE}/users": {"login": "eva", "role": "head", "password": PASSWORD}, f"post {BASE}/clients/{{client}}/feedback": {"kind": "useful", "format": "brief"}}

def targets(path, operation, r, good):
    """The path and query of one request."""
    for parameter in operation["parameters"]:
        if parameter["in"] != "path":
            continue
        name = parameter["name"]
        fit = {"client": ["1", "1", "1", "2"], "id": ["2", "3", "77"], "format": ["brief", "sections", "timeline", "tasks", "review", "popup"],
               "message": ["n1", "x@y", "a%2Fb"], "task": ["0123456789abcdef"], "number": ["+77017214408", "8%20701"]}[name]
        path = path.replace("{" + name + "}", r.choice(fit) if good or r.random() < .6 else r.choice(WORDS[1:]))
    query = []
    if good and path.endswith("/imports"):
        return path + "?client=more"
    for parameter in operation["parameters"]:
        if parameter["in"] != "query" or not (parameter["required"] or r.random() < .5):
            continue
        schema = parameter["schema"]
        fit = (schema["enum"] if "enum" in schema else ["2025-01-01", "2025-12-31"] if schema.get("format") == "date"
               else ["true", "false"] if schema["type"] == "boolean" else [str(max(1, int(schema["minimum"])))] if schema["type"] == "integer"
               else ["a" * max(1, schema.get("minLength", 1)), "%D1%81%D0%BA%D0%B8%D0%B4%D0%BA%D0%B0"])
        query.append(parameter["name"] + "=" + (r.choice(fit) if good else r.choice(WORDS)))
    return path + ("?" + "&".join(query) if query else "")


def body_of(operation, schemas, files, r, good):
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        if good:
            return multipart(r.sample(files, min(2, len(files))))
        return r.choice([multipart([(b"a.zip", b"PK\x03\x04" + bytes(r.randrange(256) for _ in range(300)))]),
                         multipart([(b"x", bytes(r.randrange(256) for _ in range(2000)))]), (raw_body(r), {}),
                         (raw_body(r), {"Content-Type": "multipart/form-data; boundary=q"}), multipart([(b"../../x", b"[" * 9999)])])
    if "application/json" in content:
        value = schemas.make(content["application/json"]["schema"], r)
        if good:
            return json.dumps(value).encode(), {"Content-Type": "application/json"}
        if r.random() < .25:
            return raw_body(r), {"Content-Type": "application/json"}
        return json.dumps(spoil(value, r)).encode("utf-8", "surrogatepass"), {"Content-Type": "application/json"}
    return (None, {}) if good else (r.choice([None, raw_body(r)]), {})


def judge(schemas, operation, target, status, headers, data):
    """What is wrong with an answer, or None."""
    answers = operation["responses"]
    if status >= 500:
        return f"status {status}: {data[:200]!r}"
    if status in (400, 411, 413, 431) and "Content-Security-Policy" not in headers:
        return None  # no request at all: refused before the routes are looked at
    if status in (404, 405):
        return None  # the path was spoiled until it was another one
    if str(status) not in answers:
        return f"status {status} is not in the description"
    if headers.get("X-Content-Type-Options") != "nosniff" or "Content-Security-Policy" not in headers:
        return "headers that protect are missing"
    kind = headers.get("Content-Type", "").split(";")[0]
    content = answers[str(status)].get("content", {})
    if not content:
        return None if not data else "a body where there should be none"
    if kind not in content:
        return f"media type {kind!r} is not in the description"
    if kind in ("application/json", "application/problem+json"):
        return schemas.check(json.loads(data), content[kind]["schema"])
    return None


def walk(server, token, files, failures):
    document = json.loads(server.ask("GET", BASE + "/openapi.json")[2])
    schemas, r = Schemas(document), random.Random(SEED)
    operations = [(m, p, o) for p, methods in document["paths"].items() for m, o in methods.items() if m in METHODS]
    seen, n, end = {}, 0, time.monotonic() + SECONDS
    while time.monotonic() < end or n < 2 * len(operations):
        method, path, operation = operations[n % len(operations)]
        good = n // len(operations) % 3 == 0
        n += 1
        target = targets(path, operation, r, good)
        body, extra = body_of(operation, schemas, files, r, good)
        if good and f"{method} {path}" in KNOWN:
            body = json.dumps(KNOWN[f"{method} {path}"]).encode()
        if path.endswith("/erase") and not good:
            body = (body or b"").replace(b'"client": 1,', b'"client": 98,').replace(b'"client": 1}', b'"client": 98}')
        headers = {"Authorization": "Bearer " + token, **extra}
        try:
            status, got, data = server.ask(method.upper(), target, body, headers)
        except (http.client.HTTPException, OSError) as e:
            failures.append(f"{method} {target[:120]}: {e!r}")
            if server.process.poll() is not None:
                return n, seen
            continue
        seen.setdefault((method, path), set()).add(status)
        wrong = judge(schemas, operation, target, status, got, data)
        if wrong:
            failures.append(f"{method} {target[:120]} {(body or b'')[:200]!r}: {wrong}")
            if len(failures) > 20:
                return n, seen
    return n, seen


def main():
    folder, failures = tempfile.mkdtemp(prefix="svodka-fuzz-"), []
    print(f"TAP version 13\n# seed {SEED}")
    server = Server(folder)
    try:
        token, files = prepare(server, folder)
        n, seen = walk(server, token, files, failures)
        bare = [f"{m} {p}" for (m, p), got in seen.items() if not any(s < 400 for s in got) and not re.search("mark|sources|labels/|messages/|erase|first|session|password|feedback/|tokens/|users", p)]
        status, _, health = server.ask("GET", "/healthz")
        chain = json.loads(server.ask("GET", BASE + "/audit/check", None, {"Authorization": "Bearer " + token})[2])
        code, log = server.stop()
        tests = [("no 5xx, every answer as described", not failures, failures), ("every route was also asked well", not bare, bare),
                 ("the server is well, the chain holds", status == 200 and chain.get("holds") is True, [health, chain]),
                 ("it stops cleanly and logs nothing of it", code == 0 and not log, [code, log[:2000]])]
        for i, (name, done, why) in enumerate(tests, 1):
            print(f"{'ok' if done else 'not ok'} {i} - {name}" + (f" ({n} requests)" if i == 1 else ""))
            for line in [] if done else why:
                print("#", line)
        print(f"1..{len(tests)}")
        return 0 if all(done for _, done, _ in tests) else 1
    finally:
        server.process.kill()
        shutil.rmtree(folder, ignore_errors=True)


sys.exit(main())
