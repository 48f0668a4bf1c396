#!/bin/sh
# Runs every test and ends with one line: N passed, N failed. Usage: run.sh BUILD
set -u
build=$1
log=$build/meson-logs/testlog.txt
rm -f "$log"
meson test -C "$build" --no-rebuild --print-errorlogs >"$build/test.out" 2>&1
status=$?
if [ $status != 0 ]; then
	cat "$build/test.out"
fi
[ -f "$log" ] || { cat "$build/test.out"; echo "0 passed, 1 failed"; exit 1; }
# the pages, in a browser, where there is one
pages=0
if [ -x "$build/pages-venv/bin/python" ] && [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
	"$build/pages-venv/bin/python" tests/pages_test.py "$build/svodka" . >"$build/pages.out" 2>&1
	pages=$?
	[ $pages = 0 ] || cat "$build/pages.out"
	cat "$build/pages.out" >>"$log"
	[ $pages = 0 ] || grep -q '^not ok' "$build/pages.out" || echo "not ok 0 pages_test.py died" >>"$log"
else
	echo "The pages were not tested in a browser: “make test-pages” installs what that needs."
fi
# each TAP line is one check; a test program that died counts as one failure more
passed=$(grep -cE '^ok [0-9]+' "$log")
failed=$(grep -cE '^not ok [0-9]+' "$log")
died=$(grep -cE '^ *[0-9]+/[0-9]+ .*(TIMEOUT|ERROR|FAIL)' "$build/test.out")
[ "$failed" -gt 0 ] || failed=$died
grep -E '^(Ok|Fail|Timeout|Unexpected Pass):' "$build/test.out"
echo "$passed passed, $failed failed"
[ $status = 0 ] && [ $pages = 0 ] && [ "$failed" = 0 ]
