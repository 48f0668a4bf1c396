#!/bin/sh
# No leak and no invalid access in `summarize`, in every format, over one rendered case. Usage: valgrind.sh BUILD
set -eu
cd "$(dirname "$0")/.."
build=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 eval/render.py eval/cases/servers.json "$dir"
for format in --text --md --json --html; do
	G_SLICE=always-malloc valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect \
		--error-exitcode=9 --suppressions=tests/valgrind.supp \
		"$build/svodka" summarize "$dir" --as-of 2025-12-08T09:00 $format >/dev/null
	echo "valgrind: summarize $format: no leak"
done
