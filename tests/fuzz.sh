#!/bin/sh
# Runs each fuzz target for a while under ASan and UBSan, one line a target, and ends with a total.
#   [SECONDS_EACH=60] [JOBS=1] [BUILD=build] fuzz.sh [TARGET ...]
# Targets are names as names_fuzz; none: all. BUILD is a finished build, whose data (dictionary, models) are used.
# What a target learns stays in build-fuzz/corpus; a finding in build-fuzz/findings.
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=${SECONDS_EACH:-60}
data=$(cd "${SVODKA_DATA:-${BUILD:-build}/data}" && pwd) || exit 1
build=build-fuzz
fixtures=tests/fixtures

# The folders a target starts from, and its word list and longest input.
settings() {
	words=text longest=4096
	case $1 in
	sentence | morph | acts | names) kinds="lang names" ;;
	date) kinds="dates broken/dates" ;;
	money) kinds=money ;;
	clean) kinds="clean broken/letter" longest=16384 ;;
	redact) kinds="redact broken/redact orders" ;;
	card | telegram | transcript) kinds="$1 broken/$1" words=json longest=16384 ;;
	table) kinds="table broken/csv broken/jsonl" words=chat longest=16384 ;;
	subtitles | whatsapp) kinds="$1 broken/$1" words=chat longest=16384 ;;
	eml) kinds="mail broken/eml" words=mail longest=16384 ;;
	mbox) kinds="mail broken/mbox" words=mail longest=16384 ;;
	mail_header) kinds="header broken/header" words=mail ;;
	html_text) kinds="html broken/html" words=html longest=16384 ;;
	charset) kinds="charset broken/html broken/header" ;;
	unpack) kinds=broken/archive words="" longest=65536 ;;
	json) kinds="card telegram transcript broken/card broken/telegram broken/jsonl" words=json longest=16384 ;;
	pipeline) kinds="clean mail whatsapp table telegram transcript subtitles lang dates money redact" longest=8192 ;;
	*) kinds="$1 broken/$1" ;;
	esac
}

# Short starts make for many runs: lists of cases are cut into their lines, other files are taken as they are.
seed() {
	for kind in $kinds; do
		for file in "$fixtures/$kind"/*; do
			[ -f "$file" ] || continue
			stem=$2/$(echo "$kind-${file##*/}" | tr '/ ' '__')
			case $file in
			*.md | *.want | *expect.tsv) ;;
			*.tsv) split -l 1 -a 4 "$file" "$stem." ;;
			*) [ "$(wc -c <"$file")" -gt $longest ] || cp "$file" "$stem" ;;
			esac
		done
	done
}

# libFuzzer reads word lists in ASCII only.
words_in_ascii() {
	python3 -c 'import sys; sys.stdout.write("".join(chr(b) if b < 128 else "\\x%02x" % b for b in sys.stdin.buffer.read()))'
}

run_one() {
	name=$1
	program=$(find $build/src $build/tests -name "$name" -type f | head -n 1)
	[ -n "$program" ] || { echo "$name: no such target"; return 1; }
	settings "${name%_fuzz}"
	log=$build/$name.log
	rm -rf "$build/seeds/$name"
	mkdir -p "$build/corpus/$name" "$build/seeds/$name" $build/findings
	seed "$name" "$build/seeds/$name"
	[ -z "$words" ] || words_in_ascii <"tests/words/$words.dict" >"$build/$name.dict"
	if ASAN_OPTIONS=detect_leaks=1 SVODKA_DATA=$data G_SLICE=always-malloc "$program" -max_total_time="$seconds" \
		-max_len="$longest" -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 ${words:+-dict="$build/$name.dict"} \
		-artifact_prefix="$build/findings/$name-" "$build/corpus/$name" "$build/seeds/$name" >"$log" 2>&1; then
		echo "$name: $(sed -n 's/.*number_of_executed_units: //p' "$log") runs in $seconds s, no finding"
	else
		echo "$name: FINDING, see $log"
		return 1
	fi
}

if [ "${1:-}" = --one ]; then
	run_one "$2"
	exit
fi
[ -f $build/build.ninja ] || CC=clang-14 meson setup $build -Dfuzz=true --buildtype=debugoptimized >$build.log 2>&1 || { cat $build.log; exit 1; }
ninja -C $build build.ninja >$build.log 2>&1 || { cat $build.log; exit 1; }
all=$(ninja -C $build -t targets all | sed -n 's/^\([a-z_/]*_fuzz\): .*/\1/p' | sort)
wanted=$all
[ $# = 0 ] || wanted=$(for name in "$@"; do echo "$all" | grep "/$name\$" || { echo "fuzz: no target $name" >&2; exit 2; }; done) || exit 2
# shellcheck disable=SC2086 # a list of names
ninja -C $build $wanted >$build.log 2>&1 || { tail -n 40 $build.log; exit 1; }
for target in $wanted; do echo "${target##*/}"; done |
	xargs -P "${JOBS:-1}" -n 1 tests/fuzz.sh --one | tee $build/result.txt
total=$(wc -l <$build/result.txt)
bad=$(grep -vc 'no finding$' $build/result.txt)
echo "$total targets, $(awk '$3 == "runs" {n += $2} END {print n + 0}' $build/result.txt) runs, $bad findings"
[ "$bad" = 0 ]
