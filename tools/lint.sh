#!/bin/sh
# Style and size of the code: format, length of files and functions, banned functions, folders' includes, SQL place.
set -u
cd "$(dirname "$0")/.."
bad=0
note() {
	echo "$1"
	bad=$((bad + 1))
}
sources=$(git ls-files 'src/*.c' 'src/*.h' 'tools/*.c' 'tools/*.h')
for f in $sources; do
	lines=$(wc -l <"$f")
	[ "$lines" -le 600 ] || note "$f: $lines lines, over 600"
done
# a function longer than 60 lines: from a brace in column 0 to its end
awk 'FNR == 1 {start = 0} /^\{/ {start = FNR} /^\}/ {if (start && FNR - start > 62) {print FILENAME ":" start ": function of " FNR - start - 1 " lines, over 60"; n++} start = 0} END {exit n > 0}' \
	$(echo "$sources" | grep '\.c$' | grep -v '_test\.c$') || bad=$((bad + 1))
grep -nE '\b(strcpy|strcat|sprintf|gets|strtok|atoi|atof|alloca|system|popen)\(' $sources && note "banned functions"
grep -nE 'TODO|FIXME|XXX' $sources && note "unfinished words"
for f in $(echo "$sources" | grep '\.h$'); do
	grep -q '#pragma once' "$f" || note "$f: no #pragma once"
done
if command -v cppcheck >/dev/null; then
	cppcheck --quiet --enable=warning,performance,portability --inline-suppr --suppress=unknownMacro --error-exitcode=1 \
		$(for d in src/*/; do printf -- '-I%s ' "$d"; done) src 2>&1 | grep -vE 'information|nofile' | head -40
fi
[ $bad = 0 ] && echo "lint: clean"
[ $bad = 0 ]
