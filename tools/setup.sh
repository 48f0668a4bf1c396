#!/bin/sh
# Installs what the build needs: Debian's packages (as root or through sudo) and the dictionary as data.
# setup.sh [bench|lint|fuzz|valgrind|deb|pages]: also what that target needs. Says what it installs; does nothing when all is there.
set -eu
cd "$(dirname "$0")/.."

packages="build-essential pkg-config meson ninja-build libglib2.0-dev libgmime-3.0-dev libxml2-dev libcjson-dev libyajl-dev liblinear-dev libarchive-dev libsqlite3-dev libmicrohttpd-dev libsodium-dev libcairo2-dev libpango1.0-dev python3 python3-pip"
case "${1:-}" in
bench) packages="notmuch nginx-light wrk" ;;
lint) packages="clang-format-14 cppcheck" ;;
fuzz) packages="clang-14 libclang-rt-14-dev" ;;
valgrind) packages="valgrind" ;;
pages) packages="chromium fonts-dejavu-core python3-venv" ;;
deb) packages="dpkg-dev" ;;
esac

missing=""
for p in $packages; do
	# a compiler or Python that came another way is as good
	case "$p" in
	build-essential) command -v cc >/dev/null && command -v make >/dev/null && continue ;;
	python3-venv) python3 -c "import ensurepip, venv" 2>/dev/null && continue ;;
	python3) command -v python3 >/dev/null && continue ;;
	python3-pip) python3 -m pip --version >/dev/null 2>&1 && continue ;;
	esac
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
if [ -n "$missing" ]; then
	sudo=""
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || { echo "setup: not root and no sudo; install these packages yourself:$missing" >&2; exit 1; }
		sudo=sudo
	fi
	echo "setup: installing Debian packages:$missing"
	$sudo apt-get update -qq
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
if [ "${1:-}" = pages ]; then
	venv=${BUILD:-build}/pages-venv
	wanted=tests/requirements-pages.txt
	if ! cmp -s "$wanted" "$venv/installed.txt"; then
		echo "setup: installing the browser's driver into $venv"
		python3 -m venv --clear "$venv"
		"$venv/bin/pip" install -q --disable-pip-version-check --require-hashes --only-binary :all: -r "$wanted"
		cp "$wanted" "$venv/installed.txt"
	fi
fi
[ -n "${1:-}" ] || tools/fetch_data.sh
