#!/bin/sh
# The Debian package and what lies beside it: made, looked into, unpacked and run. Prints TAP. Usage: deb_test.sh BUILD
set -u
build=$1
source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT INT TERM
unset SVODKA_DATA
export DEB_COMPRESS="-Zgzip -z1" # quicker; the contents are the same
n=0
failed=0
check() { # NAME COMMAND…
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$top/said" 2>&1; then
		echo "ok $n $name"
	else
		sed 's/^/# /' "$top/said"
		echo "not ok $n $name"
		failed=1
	fi
}
skip() { # NAME WHY
	n=$((n + 1))
	echo "ok $n $1 # SKIP $2"
}
has() { command -v "$1" >/dev/null 2>&1; }

for tool in dpkg-deb dpkg-shlibdeps strip; do
	has $tool || { echo "1..0 # SKIP no $tool here"; exit 0; }
done

"$source/packaging/deb.sh" "$build" "$top" >"$top/name" 2>"$top/err" || { sed 's/^/# /' "$top/err"; echo "1..1"; echo "not ok 1 made"; exit 1; }
deb=$(cat "$top/name")
dpkg-deb --info "$deb" >"$top/info"
dpkg-deb --contents "$deb" >"$top/list"
dpkg-deb -x "$deb" "$top/root"
dpkg-deb -e "$deb" "$top/control"
field() { dpkg-deb --field "$deb" "$1"; }

version_fits() { [ "$(field Version)" = "$("$build/svodka" --version | cut -d' ' -f2)" ]; }
arch_fits() { [ "$(field Architecture)" = "$(dpkg --print-architecture)" ]; }
depends_are_real() {
	for want in libc6 libglib2.0-0 libsqlite3-0 libsodium23 libgmime-3.0-0 adduser; do
		field Depends | grep -qw -- "$want" || { echo "no $want"; return 1; }
	done
	# each one is installed where it was built: nothing is misspelled
	field Depends | tr ',' '\n' | sed 's/^ *//; s/ .*//' | while read -r package; do
		[ "$package" = adduser ] || dpkg-query -W "$package" >/dev/null || exit 1
	done
}
holds_all() {
	for file in usr/bin/svodka usr/share/svodka/acts.bin usr/share/svodka/morph.bin usr/share/svodka/worth.txt \
		lib/systemd/system/svodka.service etc/svodka/svodka.ini usr/share/doc/svodka/copyright \
		usr/share/doc/svodka/changelog.gz usr/share/doc/svodka/nginx.conf usr/share/doc/svodka/Caddyfile; do
		grep -q " \./$file\$" "$top/list" || { echo "no $file"; return 1; }
	done
}
holds_no_more() { ! grep -vE ' \./((etc|lib|usr)/.*)?$' "$top/list" && ! grep -E '/(local|work|home|tmp)/' "$top/list"; }
owned_by_root() { ! grep -v ' root/root ' "$top/list"; }
nobody_else_writes() { [ -z "$(find "$top/root" -perm /022 ! -type l)" ] && [ -z "$(find "$top/root" -perm /6000)" ]; }
ini_is_private() { grep -qE '^-rw-r----- .* \./etc/svodka/svodka\.ini$' "$top/list" && grep -qx /etc/svodka/svodka.ini "$top/control/conffiles"; }
sums_hold() { (cd "$top/root" && md5sum --quiet -c "$top/control/md5sums"); }
scripts_are_sound() { for s in postinst prerm postrm; do [ -x "$top/control/$s" ] && sh -n "$top/control/$s" || return 1; done; }
# told to do nothing, they do nothing
scripts_wait() { for s in "postinst abort-upgrade" "prerm upgrade" "postrm upgrade"; do
	set -- $s
	[ -d /run/systemd/system ] || "$top/control/$1" "$2" || return 1
done; }
runs() { "$top/root/usr/bin/svodka" --version | grep -q '^svodka [0-9]'; }
finds_its_data() { "$top/root/usr/bin/svodka" doctor; }
does_its_job() {
	python3 "$source/eval/render.py" "$source/eval/cases/servers.json" "$top/history" >/dev/null &&
		"$top/root/usr/bin/svodka" summarize "$top/history" --format brief --json | grep -q '"quote"'
}
keeps_a_store() {
	(cd "$top" && "$top/root/usr/bin/svodka" import history --client 1 && "$top/root/usr/bin/svodka" client list | grep -q 1)
}
names_no_place() { ! grep -qaF "$source/" "$top/root/usr/bin/svodka"; }
is_stripped() { ! readelf -S "$top/root/usr/bin/svodka" | grep -q '\.debug_info'; }
is_the_same_again() {
	mkdir "$top/again" && "$source/packaging/deb.sh" "$build" "$top/again" >/dev/null && cmp "$deb" "$top/again/$(basename "$deb")"
}
unit_is_tight() {
	sed 's#^ExecStart=/usr/bin/svodka#ExecStart=/bin/true#' "$source/packaging/svodka.service" >"$top/svodka.service"
	systemd-analyze security --offline=true --threshold=15 "$top/svodka.service" # tenths: 1.5
}
unit_keeps_its_words() {
	for line in NoNewPrivileges=yes ProtectSystem=strict StateDirectory=svodka PrivateTmp=yes PrivateDevices=yes ProtectProc=invisible \
		RestrictNamespaces=yes MemoryDenyWriteExecute=yes LockPersonality=yes CapabilityBoundingSet= SystemCallFilter=@system-service UMask=0077; do
		grep -qx "$line" "$source/packaging/svodka.service" || { echo "no $line"; return 1; }
	done
}
nginx_takes_it() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=svodka -keyout "$top/key.pem" -out "$top/cert.pem" 2>/dev/null || return 1
	printf 'pid %s/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n' "$top" >"$top/nginx.conf"
	sed -e "s#/etc/letsencrypt/live/svodka.example.com/fullchain.pem#$top/cert.pem#" \
		-e "s#/etc/letsencrypt/live/svodka.example.com/privkey.pem#$top/key.pem#" -e 's/listen \(\[::\]:\)*\(80\|443\)/listen \1\28/' \
		"$source/packaging/nginx.conf" >>"$top/nginx.conf"
	echo '}' >>"$top/nginx.conf"
	nginx -t -q -p "$top" -c "$top/nginx.conf"
}

check "version" version_fits
check "architecture" arch_fits
check "depends" depends_are_real
check "contents" holds_all
check "nothing elsewhere" holds_no_more
check "owned by root" owned_by_root
check "modes" nobody_else_writes
check "settings are private and kept" ini_is_private
check "checksums" sums_hold
check "scripts" scripts_are_sound
check "scripts wait for their turn" scripts_wait
check "runs" runs
check "finds its data" finds_its_data
check "summarizes" does_its_job
check "imports" keeps_a_store
check "names no folder of the build" names_no_place
has readelf && check "stripped" is_stripped || skip "stripped" "no readelf here"
check "the same again" is_the_same_again
has systemd-analyze && check "unit: exposure at most 1.5" unit_is_tight || skip "unit: exposure at most 1.5" "no systemd-analyze here"
check "unit: what it must say" unit_keeps_its_words
if has nginx && has openssl; then check "nginx takes the example" nginx_takes_it; else skip "nginx takes the example" "no nginx here"; fi
if has caddy; then check "caddy takes the example" caddy validate --adapter caddyfile --config "$source/packaging/Caddyfile"; else skip "caddy takes the example" "no caddy here"; fi
echo "1..$n"
exit $failed
