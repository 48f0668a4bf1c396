#!/bin/sh
# Makes the Debian package of a build: OUT/svodka_VERSION_ARCH.deb. Usage: deb.sh BUILD [OUT]
# What it depends on is worked out from the libraries that the program is linked with. The same commit makes the same
# package. DEB_COMPRESS=-Zgzip is quicker and larger.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
source=$(dirname "$here")
build=$(CDPATH='' cd -- "$1" && pwd)
mkdir -p "${2:-$build}"
out=$(CDPATH='' cd -- "${2:-$build}" && pwd)

for tool in dpkg-deb dpkg-shlibdeps meson strip python3; do
	command -v $tool >/dev/null || { echo "deb: $tool is missing: apt-get install dpkg-dev binutils meson" >&2; exit 1; }
done
version=$("$build/svodka" --version | cut -d' ' -f2)
arch=$(dpkg --print-architecture)
: "${SOURCE_DATE_EPOCH:=$(git -C "$source" log -1 --format=%ct 2>/dev/null || date +%s)}"
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
umask 022
compress=${DEB_COMPRESS:--Zxz -z6} # options of dpkg-deb
root=$work/root
doc=$root/usr/share/doc/svodka

# the program and its data, where a package has them whatever the prefix of the build is
DESTDIR=$work/tree meson install -C "$build" --no-rebuild --quiet >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
prefix=$(meson introspect "$build" --buildoptions | python3 -c \
	'import json, sys; print(next(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))')
mkdir -p "$root/usr"
cp -a "$work/tree$prefix/." "$root/usr/"
strip --strip-unneeded "$root/usr/bin/svodka" "$root/usr/libexec/svodka/svodka-fit"

install -D -m 644 "$here/svodka.service" "$root/lib/systemd/system/svodka.service"
install -D -m 640 "$here/svodka.ini" "$root/etc/svodka/svodka.ini"
mkdir -p "$doc/formats"
install -m 644 "$source/README.md" "$source/README.ru.md" "$source/docs/server.md" "$source/docs/server.ru.md" \
	"$here/nginx.conf" "$here/Caddyfile" "$doc/"
mkdir -p "$root/usr/share/man/man1"
gzip -9n <"$here/svodka.1" >"$root/usr/share/man/man1/svodka.1.gz"
for format in "$source"/data/formats/*.ini; do
	[ ! -f "$format" ] || install -m 644 "$format" "$doc/formats/"
done
{
	printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: svodka\n\n'
	printf 'Files: *\nCopyright: the authors of Svodka\nLicense: Apache-2.0\n'
	printf ' On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0.\n\n'
	printf 'Files: usr/share/svodka/morph.bin\nCopyright: OpenCorpora\nLicense: CC-BY-SA-3.0\n'
	printf ' The dictionary is made of data of OpenCorpora (opencorpora.org), under the Creative Commons\n'
	printf ' Attribution-ShareAlike 3.0 licence: https://creativecommons.org/licenses/by-sa/3.0/\n'
} >"$doc/copyright"
gzip -9n <"$source/CHANGELOG.md" >"$doc/changelog.gz"
chmod 644 "$doc/copyright" "$doc/changelog.gz" "$root/usr/share/man/man1/svodka.1.gz"

# dpkg-shlibdeps wants a source package's control file beside it
mkdir -p "$work/debian" "$root/DEBIAN"
printf 'Source: svodka\n\nPackage: svodka\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info root/usr/bin/svodka root/usr/libexec/svodka/svodka-fit 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "deb: what the program depends on could not be worked out" >&2; exit 1; }

echo /etc/svodka/svodka.ini >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
	install -m 755 "$here/$script" "$root/DEBIAN/$script"
done
cat >"$root/DEBIAN/control" <<CONTROL
Package: svodka
Version: $version
Architecture: $arch
Maintainer: Svodka maintainers <maintainers@svodka.example>
Installed-Size: $(du -ks --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends, adduser, fonts-dejavu-core, tzdata
Recommends: nginx | caddy
Section: office
Priority: optional
Description: what matters about a client, from everything that was said
 Svodka reads everything that passed between a company and one of its clients
 (letters, messengers, calls, notes, deals) and tells a person who is about to
 talk to that client what matters, in seconds, each sentence with a link to the
 message that proves it. It works on one machine and without a language model.
CONTROL
(cd "$root" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/conffiles" "$root/DEBIAN/md5sums"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

deb=$out/svodka_${version}_$arch.deb
dpkg-deb --root-owner-group $compress --build "$root" "$deb" >/dev/null
echo "$deb"
