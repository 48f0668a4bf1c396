#!/bin/sh
# No leak and no invalid access in `summarize`: one rendered case in every format, then broken files of every kind and
# a call that is refused, where the ways out are others. Usage: valgrind.sh BUILD
set -eu
cd "$(dirname "$0")/.."
build=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# watched NAME CODES ARGUMENT…: the exit code must be one of CODES
watched() {
	name=$1 codes=$2
	shift 2
	rc=0
	G_SLICE=always-malloc valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect \
		--errors-for-leak-kinds=definite,indirect --error-exitcode=99 --suppressions=tests/valgrind.supp \
		"$build/svodka" "$@" >/dev/null 2>"$dir/err" || rc=$?
	case " $codes " in
	*" $rc "*) echo "valgrind: $name: no leak" ;;
	*)
		tail -n 60 "$dir/err"
		echo "valgrind: $name: exit code $rc"
		exit 1
		;;
	esac
}

mkdir "$dir/case"
python3 eval/render.py eval/cases/servers.json "$dir/case"
for format in --text --md --html "--json --format brief" "--json --format sections" "--json --format timeline" "--json --format tasks"; do
	# shellcheck disable=SC2086 # two words
	watched "summarize $format" 0 summarize "$dir/case" --as-of 2025-12-08T09:00 $format
done
for kind in tests/fixtures/broken/*/; do
	watched "summarize ${kind#tests/fixtures/}" "0 3 4 6" summarize "$kind" --as-of 2025-12-08T09:00 --html
done
watched "a refused call" 5 summarize "$dir/nothing-here"
