#!/bin/sh
# The main job on a real-looking history, offline: renders a labelled case to the files that a CRM, a mail server and
# messengers export, and summarises them in every format.
set -eu
cd "$(dirname "$0")/.."
build=$1 name=$2 out=demo/out/$2
svodka=$build/svodka
now=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["now"])' "eval/cases/$name.json")
rm -rf "$out"
mkdir -p "$out"
python3 eval/render.py "eval/cases/$name.json" "$out/files"
echo "The files of one client, as they were exported ($out/files):"
(cd "$out/files" && find . -type f | sort | sed 's|^\./|  |' | awk 'NR <= 8 {print} END {if (NR > 8) print "  … " NR " files in all"}')
for format in brief sections tasks timeline; do
	echo
	echo "\$ svodka summarize $out/files --as-of $now --format $format"
	"$svodka" summarize "$out/files" --as-of "$now" --format "$format" --text --output "$out/$format.txt"
	if [ "$format" = timeline ]; then
		head -24 "$out/$format.txt"
		echo "  … the rest: $out/$format.txt"
	else
		cat "$out/$format.txt"
	fi
	"$svodka" summarize "$out/files" --as-of "$now" --format "$format" --md --output "$out/$format.md"
	"$svodka" summarize "$out/files" --as-of "$now" --format "$format" --json --output "$out/$format.json"
done
"$svodka" summarize "$out/files" --as-of "$now" --format all --html --output "$out/summary.html"
echo
echo "Every format as Markdown and JSON, and one page with all of them, a click from every sentence to its source:"
echo "  $out/summary.html"

rm -f "$out"/svodka.db*
"$svodka" import "$out/files" --client demo --db "$out/svodka.db" >/dev/null
echo
echo "The same history as a card in the browser, with the clock of that day:"
echo "  $svodka serve --db $out/svodka.db --as-of $now"
echo "It prints its address and a code with which the first page makes you the administrator."
