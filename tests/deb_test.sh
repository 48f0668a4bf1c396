#!/bin/sh
# The Debian package: what is in it, and whether the program works from the unpacked tree. Usage: deb_test.sh BUILD
# Speaks TAP. Skips where Debian's tools are not there. Nothing is installed.
set -u
build=$1
source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
export LC_ALL=C.UTF-8
unset SVODKA_DATA SVODKA_DB
for tool in dpkg-deb dpkg-shlibdeps strip; do
	command -v $tool >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
n=0
bad=0
check() { # NAME COMMAND…
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$work/said" 2>&1; then
		echo "ok $n $name"
	else
		echo "not ok $n $name"
		sed 's/^/# /' "$work/said"
		bad=$((bad + 1))
	fi
}

deb=$(DEB_COMPRESS=-Znone "$source/packaging/deb.sh" "$build" "$work" 2>"$work/problem") || {
	echo "not ok 1 the package is made"
	sed 's/^/# /' "$work/problem"
	echo "1..1"
	exit 1
}
tree=$work/tree
dpkg-deb -x "$deb" "$tree"
dpkg-deb -e "$deb" "$work/control"
dpkg-deb -c "$deb" >"$work/list"
svodka=$tree/usr/bin/svodka

has() { # MODE PATH
	grep -qE "^$1 root/root .* \./$2\$" "$work/list" || { echo "no $1 $2 in the package"; return 1; }
}
holds() { # FILE PATTERN…
	file=$1
	shift
	for pattern in "$@"; do
		grep -qE "$pattern" "$file" || { echo "$file: no $pattern"; cat "$file"; return 1; }
	done
}
check "the program" has -rwxr-xr-x usr/bin/svodka
for file in morph.bin acts.bin worth.txt; do
	check "$file" has -rw-r--r-- "usr/share/svodka/$file"
done
check "the unit" has -rw-r--r-- lib/systemd/system/svodka.service
check "the settings" has -rw-r----- etc/svodka/svodka.ini
for file in server.md server.ru.md nginx.conf Caddyfile copyright changelog.gz; do
	check "$file" has -rw-r--r-- "usr/share/doc/svodka/$file"
done
check "the manual" has -rw-r--r-- usr/share/man/man1/svodka.1.gz
nothing_else() {
	! grep -vE ' \./(usr|lib|etc)?(/|$)' "$work/list"
}
check "nothing outside usr, lib, etc" nothing_else
same_version() {
	[ "svodka $(dpkg-deb -f "$deb" Version)" = "$("$svodka" --version)" ]
}
check "its version is that of the program" same_version
check "what it depends on" holds "$work/control/control" '^Depends: .*libc6 \(>= ' 'libglib2\.0-0' 'libsqlite3-0' \
	'libmicrohttpd12' 'libsodium23' 'libcairo2' 'libpango' 'adduser' 'fonts-dejavu-core' 'tzdata'
check "the settings are the administrator's" holds "$work/control/conffiles" '^/etc/svodka/svodka\.ini$'
for script in postinst prerm postrm; do
	check "$script is a script" sh -n "$work/control/$script"
done
check "an own user" holds "$work/control/postinst" 'adduser --system --group .*svodka'
whole() {
	(cd "$tree" && md5sum --quiet -c "$work/control/md5sums")
}
check "sums of the files" whole

# each setting of the unit and the ini file means something
known_settings() {
	for key in $(sed -nE 's/^#?([a-z_]+)=.*/\1/p' "$tree/etc/svodka/svodka.ini"); do
		grep -q "\"$key\"" "$source/src/cli/cmd_serve.c" || { echo "svodka serve reads no $key"; return 1; }
	done
}
check "svodka serve reads every setting" known_settings
check "the unit keeps it in" holds "$tree/lib/systemd/system/svodka.service" '^NoNewPrivileges=yes' \
	'^ProtectSystem=strict' '^ProtectHome=yes' '^StateDirectory=svodka' '^PrivateTmp=yes' '^PrivateDevices=yes' \
	'^ProtectProc=invisible' '^RestrictNamespaces=yes' '^RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX$' \
	'^MemoryDenyWriteExecute=yes' '^LockPersonality=yes' '^CapabilityBoundingSet=$' '^SystemCallFilter=@system-service' \
	'^UMask=0077' '^Type=notify' '^ExecStart=/usr/bin/svodka serve --config /etc/svodka/svodka\.ini$'
verified() {
	command -v systemd-analyze >/dev/null || return 0
	! systemd-analyze verify "$tree/lib/systemd/system/svodka.service" 2>&1 | grep -vE 'is not executable|man .* failed with code'
}
check "systemd takes the unit" verified

# from the unpacked tree, with its own data
mkdir "$work/client"
cat >"$work/client/client.json" <<'CARD'
{"name": "ТОО «Сосна»", "language": "ru", "timezone": "Asia/Almaty",
 "managers": [{"id": "m1", "name": "Анна Ли", "email": "anna@seller.example"}],
 "contacts": [{"id": "c1", "name": "Пётр Седов", "email": "petr@sosna.example"}]}
CARD
cat >"$work/client/1.eml" <<'LETTER'
From: =?UTF-8?B?0J/RkdGC0YAg0KHQtdC00L7Qsg==?= <petr@sosna.example>
To: anna@seller.example
Date: Mon, 3 Nov 2025 10:15:00 +0500
Message-ID: <1@sosna.example>
Subject: Boards
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Анна, добрый день! Пришлите, пожалуйста, счёт на 40 досок до 10 ноября.
LETTER
summary() {
	"$svodka" summarize "$work/client" --as-of 2025-11-05 --format tasks --md >"$work/summary.md" || return 1
	holds "$work/summary.md" 'ТОО «Сосна»' 'счёт' '10.ноября' 'Пётр Седов'
}
check "svodka --version" "$svodka" --version
check "svodka doctor" "$svodka" doctor
said_where() {
	"$svodka" doctor | grep -q "$tree/usr/share/svodka"
}
check "it takes the data of the package" said_where
check "a summary" summary
echo "1..$n"
[ $bad = 0 ]
