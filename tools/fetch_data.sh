#!/bin/sh
# Fetches the Russian dictionary (pymorphy3-dicts-ru, OpenCorpora) and unpacks its data.
# Usage: tools/fetch_data.sh [FOLDER]   (default: .cache/morph beside this repository's root)
# Does nothing when the verified data are already there.
set -eu

name=pymorphy3-dicts-ru
version=2.4.417150.4580142
wheel=pymorphy3_dicts_ru-$version-py2.py3-none-any.whl
sha256=718bac64c73c10c16073a199402657283d9b64c04188b694f6d3e9b0d85440f4

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
dir=${1:-$root/.cache/morph}
data=$dir/pymorphy3_dicts_ru/data
stamp=$dir/.unpacked-$sha256

die() {
    echo "fetch_data: $*" >&2
    exit 1
}

verify() {
    echo "$sha256  $1" | sha256sum -c --status -
}

download() {
    if command -v pip >/dev/null 2>&1; then
        set -- pip
    elif command -v python3 >/dev/null 2>&1 && python3 -m pip --version >/dev/null 2>&1; then
        set -- python3 -m pip
    else
        die "pip is missing. Install it (apt-get install python3-pip), or put $wheel into $dir yourself."
    fi
    "$@" download --quiet --disable-pip-version-check --no-deps --only-binary=:all: "$name==$version" -d "$dir" ||
        die "$name $version could not be downloaded. Check the network or pip's index settings, or put $wheel into $dir yourself."
}

unpack() {
    rm -rf "$dir/pymorphy3_dicts_ru"
    if command -v unzip >/dev/null 2>&1; then
        unzip -q -o "$dir/$wheel" 'pymorphy3_dicts_ru/*' -d "$dir"
    elif command -v python3 >/dev/null 2>&1; then
        python3 -m zipfile -e "$dir/$wheel" "$dir"
    else
        die "neither unzip nor python3 is there. Install one (apt-get install unzip)."
    fi
}

[ -f "$stamp" ] && [ -f "$data/words.dawg" ] && exit 0

mkdir -p "$dir" || die "$dir cannot be made."
[ -f "$dir/$wheel" ] && verify "$dir/$wheel" || { rm -f "$dir/$wheel"; download; }
[ -f "$dir/$wheel" ] || die "pip left no $wheel in $dir."
verify "$dir/$wheel" || die "$dir/$wheel is not the file we expect (SHA-256 differs). Delete it and try again."
unpack || die "$dir/$wheel could not be unpacked. Delete it and try again."
[ -f "$data/words.dawg" ] || die "$dir/$wheel holds no pymorphy3_dicts_ru/data/words.dawg."
: >"$stamp"
echo "fetch_data: $name $version is in $data"
