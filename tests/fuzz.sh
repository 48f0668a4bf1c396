#!/bin/sh
# Runs each fuzz target for a while under ASan and UBSan. SECONDS_EACH=60 fuzz.sh [TARGET ...]
set -u
cd "$(dirname "$0")/.."
seconds=${SECONDS_EACH:-60}
build=build-fuzz
[ -f $build/build.ninja ] || CC=clang-14 meson setup $build -Dfuzz=true --buildtype=debugoptimized >/dev/null || exit 1
ninja -C $build --quiet || exit 1
targets=${*:-$(cd $build/src && find . -name '*_fuzz' -type f -perm -u+x | sort | sed 's|^\./||')}
failed=0
for t in $targets; do
	name=$(basename "$t")
	corpus=$build/corpus/$name
	mkdir -p "$corpus"
	kind=${name%_fuzz}
	seeds=$(ls -d tests/fixtures/"$kind" tests/fixtures/broken/"$kind" 2>/dev/null)
	log=$build/$name.log
	if SVODKA_DATA=${SVODKA_DATA:-build/data} $build/src/"$t" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 \
		-artifact_prefix=$build/$name- "$corpus" $seeds >"$log" 2>&1; then
		echo "$name: $(grep -o 'number_of_executed_units: [0-9]*' "$log" | grep -o '[0-9]*') runs in ${seconds} s, no finding"
	else
		echo "$name: FINDING, see $log"
		failed=$((failed + 1))
	fi
done
echo "$failed findings"
[ $failed = 0 ]
