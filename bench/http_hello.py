#!/usr/bin/env python3
"""How fast the server gives a fixed answer, as a ratio to nginx giving a file of the same size.

Both run on one core, wrk on another, in turns; the median of the pairs is printed.
    http_hello.py [--build build] [--pairs 5] [--seconds 2] [--connections 16 64]
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time
import urllib.request

SIZE = 6 << 10
PORT = 8977
CONF = """worker_processes 1; daemon off; pid {dir}/pid; error_log /dev/null;
events {{ worker_connections 4096; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  client_body_temp_path {dir}/b; proxy_temp_path {dir}/p; fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  open_file_cache max=100;
  server {{ listen 127.0.0.1:{port} reuseport; root {dir}; default_type text/html; }} }}
"""


def wrk(port, connections, seconds):
    out = subprocess.run(["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"http://127.0.0.1:{port}/hello"],
                         capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def wait(port):
    for _ in range(100):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/hello", timeout=1).read()
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nobody answers at port {port}")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", default="build")
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--seconds", type=int, default=2)
    options.add_argument("--connections", type=int, nargs="+", default=[16, 64])
    options.add_argument("--threads", default="0", help="of our server; 0: as it chooses")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        pathlib.Path(folder, "hello").write_bytes(b"h" * SIZE)
        conf = pathlib.Path(folder, "nginx.conf")
        conf.write_text(CONF.format(dir=folder, port=PORT))
        nginx = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", conf])
        ours = subprocess.Popen(["taskset", "-c", "0", f"{args.build}/src/net/hello_server", "0", args.threads], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)
        try:
            port = int(ours.stdout.readline())
            assert wait(PORT) == wait(port)
            for connections in args.connections:
                pairs = [(wrk(PORT, connections, args.seconds), wrk(port, connections, args.seconds)) for _ in range(args.pairs)]
                ratio = statistics.median(b / a for a, b in pairs)
                a, b = (statistics.median(x) for x in zip(*pairs))
                print(f"{connections} connections: nginx {a:,.0f}/s, ours {b:,.0f}/s, ratio {ratio:.2f}")
        finally:
            ours.stdin.close()
            nginx.terminate()
            ours.wait(20)
            nginx.wait(20)


main()
