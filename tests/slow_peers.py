#!/usr/bin/env python3
"""Slow peers must not keep others out: thousands of connections that send a header, a body, or read an answer a few bytes at a
time, or ask once and stay, and come back when they are closed; meanwhile somebody else asks for a page, each time on a new
connection.

    slow_peers.py SERVER [ARGUMENTS ...] [--full] [--peers 3000] [--seconds 8]

SERVER prints its port, alone or at the end of an address, in its first line and ends when its standard input does or by SIGTERM.
SERVER's limit for a request should be short, as its idle connections are waited for.
--full: 10,000 peers for a minute. Prints TAP: p99 under 500 ms, no request fails, the connections are gone soon after.
"""
import argparse
import asyncio
import json
import os
import random
import re
import resource
import socket
import subprocess
import sys
import time

P99_MS = 500
GONE_S = 60  # by then the server has closed what is left


class Slow(asyncio.Protocol):
    """One peer of a kind: header, body, read or idle."""

    def __init__(self, crowd, kind):
        self.crowd, self.kind, self.timer = crowd, kind, None

    def connection_made(self, transport):
        self.transport = transport
        self.crowd.made += 1
        self.crowd.open.add(self)
        page = self.crowd.args
        ask = "GET {} HTTP/1.1\r\nHost: x\r\n"
        transport.write({"header": ask.format(page.path) + "X-A: ", "read": ask.format(page.big) + "\r\n",
                         "idle": ask.format(page.path) + "\r\n",
                         "body": f"POST {page.post} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n"}[self.kind].encode())
        if self.kind == "read":
            transport.pause_reading()
        if self.kind != "idle":
            self.later()

    def later(self):
        self.timer = self.crowd.loop.call_later(random.uniform(1, 4), self.drip)

    def drip(self):
        if self.transport.is_closing():
            return
        if self.kind == "read":
            self.transport.resume_reading()
        else:
            self.transport.write(b"a" * 16)
        self.later()

    def data_received(self, data):
        if self.kind == "read":
            self.transport.pause_reading()

    def connection_lost(self, error):
        self.crowd.open.discard(self)
        self.crowd.lost += 1
        if self.timer:
            self.timer.cancel()
        if not self.crowd.over:
            self.crowd.loop.call_later(random.uniform(0.5, 3), self.crowd.come, self.kind)


class Crowd:
    def __init__(self, args, port):
        self.args, self.port, self.over = args, port, False
        self.open, self.made, self.lost, self.failed = set(), 0, 0, 0
        self.loop = asyncio.get_running_loop()
        self.tasks = set()

    def come(self, kind):
        task = self.loop.create_task(self.connect(kind))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def connect(self, kind):
        peer = socket.socket()
        try:
            if kind == "read":
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            peer.setblocking(False)
            # other source addresses: the ports of one would not last
            peer.bind((f"127.0.{random.randrange(1, 9)}.{random.randrange(2, 250)}", 0))
            await self.loop.sock_connect(peer, ("127.0.0.1", self.port))
            await self.loop.create_connection(lambda: Slow(self, kind), sock=peer)
        except OSError:
            self.failed += 1
            peer.close()
            if not self.over:
                self.loop.call_later(1, self.come, kind)

    async def run(self):
        for i in range(self.args.peers):
            self.come(("header", "body", "read", "idle")[i % 4])
            if i % 100 == 99:
                await asyncio.sleep(0.02)
        await asyncio.sleep(1)
        begun = time.monotonic()
        probe = await asyncio.create_subprocess_exec(sys.executable, __file__, "--probe", str(self.port), self.args.path, str(self.args.seconds),
                                                     stdout=subprocess.PIPE)
        out, _ = await probe.communicate()
        held = len(self.open)
        self.over = True
        print(f"# {self.made} connections came, {self.lost} were closed, {held} open at the end, {time.monotonic() - begun:.1f} s")
        return json.loads(out)

    async def leave(self, server_open):
        """The peers stay and send nothing more; how long until the server has closed them all (None: it does not)."""
        for peer in list(self.open):
            if peer.timer:
                peer.timer.cancel()
        begun = time.monotonic()
        while time.monotonic() - begun < GONE_S:
            await asyncio.sleep(0.25)
            if await self.loop.run_in_executor(None, server_open) <= 2:
                return time.monotonic() - begun
        return None


def probe(port, path, seconds):
    """One request after the other; prints how long each took (ms) and how many failed."""
    times, failed = [], 0
    end = time.monotonic() + seconds
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    while time.monotonic() < end:
        begun, stage = time.monotonic(), "connecting"
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
                peer.sendall(request)
                answer, stage = b"", "waiting"
                while piece := peer.recv(65536):
                    answer += piece
            if not answer.startswith(b"HTTP/1.1 200"):
                failed += 1
                print(f"# answer: {answer[:60]}", file=sys.stderr)
        except OSError as error:
            failed += 1
            print(f"# after {time.monotonic() - begun:.3f} s, {stage}: {error}", file=sys.stderr)
        times.append((time.monotonic() - begun) * 1000)
        time.sleep(0.004)
    times.sort()
    print(json.dumps({"n": len(times), "failed": failed, "p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100],
                      "max": times[-1]}))


def sockets_of(pid):
    folder = f"/proc/{pid}/fd"
    n = 0
    for name in os.listdir(folder):
        try:
            n += os.readlink(f"{folder}/{name}").startswith("socket:")
        except OSError:
            pass
    return n


def rss_kb(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def main():
    if sys.argv[1:2] == ["--probe"]:
        return probe(int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
    options = argparse.ArgumentParser()
    options.add_argument("server", nargs="+")
    options.add_argument("--full", action="store_true")
    options.add_argument("--peers", type=int)
    options.add_argument("--seconds", type=float)
    options.add_argument("--path", default="/hello")
    options.add_argument("--big", default="/big")
    options.add_argument("--post", default="/echo")
    args = options.parse_args()
    args.peers = args.peers or (10000 if args.full else 3000)
    args.seconds = args.seconds or (60 if args.full else 5)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    server = subprocess.Popen(args.server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    checks = []
    try:
        port = int(re.search(r"(\d+)/?\s*$", server.stdout.readline())[1])
        idle = json.loads(subprocess.run([sys.executable, __file__, "--probe", str(port), args.path, "1"], capture_output=True, text=True,
                                         check=True).stdout)
        quiet = sockets_of(server.pid)
        before = rss_kb(server.pid)

        async def attack():
            crowd = Crowd(args, port)
            result = await crowd.run()
            return result, rss_kb(server.pid), await crowd.leave(lambda: sockets_of(server.pid) - quiet)

        result, after, gone = asyncio.run(attack())
        print(f"# idle: {idle['n']} requests, p99 {idle['p99']:.0f} ms; among {args.peers} slow peers: {result['n']} requests, "
              f"p50 {result['p50']:.0f} ms, p99 {result['p99']:.0f} ms, longest {result['max']:.0f} ms, {result['failed']} failed; "
              f"memory {before} -> {after} KB")
        checks.append((result["n"] >= 20, "somebody else is served"))
        checks.append((result["failed"] == 0, "no request fails"))
        checks.append((result["p99"] < P99_MS, f"p99 under {P99_MS} ms"))
        checks.append((gone is not None, f"the slow are gone within {GONE_S} s" + (f" ({gone:.1f} s)" if gone is not None else "")))
        checks.append((after - before < 64 << 10, "memory stays small"))
    finally:
        server.stdin.close()
        try:
            server.wait(12)
        except subprocess.TimeoutExpired:
            server.terminate()
            server.wait(12)
    checks.append((server.returncode == 0, "the server ends well"))
    print(f"1..{len(checks)}")
    for n, (good, what) in enumerate(checks, 1):
        print(f"{'ok' if good else 'not ok'} {n} - {what}")
    return 0 if all(good for good, _ in checks) else 1


sys.exit(main())
