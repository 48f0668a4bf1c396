#!/bin/sh
# Style and size of the code: length of files, functions and lines, banned functions, unfinished words, cppcheck.
set -u
cd "$(dirname "$0")/.."
bad=0
note() {
	echo "$1"
	bad=$((bad + 1))
}
sources=$(git ls-files 'src/*.c' 'src/*.h' 'tools/*.c' 'tools/*.h')
program=$(echo "$sources" | grep '\.c$' | grep -vE '_(test|fuzz|fixture)\.c$')
for f in $sources; do
	lines=$(wc -l <"$f")
	[ "$lines" -le 600 ] || note "$f: $lines lines, over 600"
done
# a function longer than 60 lines: from a brace in column 0 to its end
awk 'FNR == 1 {start = 0} /^\{/ {start = FNR} /^\}/ {if (start && FNR - start > 62) {print FILENAME ":" start ": function of " FNR - start - 1 " lines, over 60"; n++} start = 0} END {exit n > 0}' \
	$program || bad=$((bad + 1))
# columns are characters, not bytes; a line of a test may hold a long text
long=$(LC_ALL=C.UTF-8 grep -nE '.{111,}' $program $(echo "$sources" | grep '\.h$') | cut -d: -f1,2)
[ -z "$long" ] || note "lines over 110 columns: $long"
grep -nE '\b(strcpy|strcat|sprintf|gets|strtok|atoi|atof|alloca|system|popen)\(' $sources && note "banned functions"
grep -nwE 'TODO|FIXME|XXX' $sources && note "unfinished words"
for f in $(echo "$sources" | grep '\.h$'); do
	grep -q '#pragma once' "$f" || note "$f: no #pragma once"
done
if command -v cppcheck >/dev/null; then
	cppcheck --quiet --library=gtk --enable=warning,performance,portability --inline-suppr --suppress=unknownMacro \
		--error-exitcode=1 $(for d in src/*/; do printf -- '-I%s ' "$d"; done) $program || note "cppcheck findings"
fi
[ $bad = 0 ] && echo "lint: clean"
[ $bad = 0 ]
