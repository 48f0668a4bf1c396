#!/bin/sh
# Fetches what comes as a data wheel of PyPI, by pinned version and SHA-256, and unpacks it:
#   the Russian dictionary (pymorphy3-dicts-ru, OpenCorpora) into FOLDER/morph,
#   htmx for the pages (django-htmx carries it as one file) into FOLDER/htmx.
# Usage: tools/fetch_data.sh [FOLDER]   (default: .cache beside this repository's root)
# Does nothing for what is already there and verified.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cache=${1:-$root/.cache}

die() {
    echo "fetch_data: $*" >&2
    exit 1
}

verify() {
    echo "$2  $1" | sha256sum -c --status -
}

# download NAME VERSION WHEEL FOLDER
download() {
    wanted="$1==$2"
    file=$3
    into=$4
    if command -v pip >/dev/null 2>&1; then
        set -- pip
    elif command -v python3 >/dev/null 2>&1 && python3 -m pip --version >/dev/null 2>&1; then
        set -- python3 -m pip
    else
        die "pip is missing. Install it (apt-get install python3-pip), or put $file into $into yourself."
    fi
    "$@" download --quiet --disable-pip-version-check --no-deps --only-binary=:all: "$wanted" -d "$into" ||
        die "$wanted could not be downloaded. Check the network or pip's index settings, or put $file into $into yourself."
}

# unpack WHEEL TOP FOLDER: the package's own folder only
unpack() {
    rm -rf "${3:?}/$2"
    if command -v unzip >/dev/null 2>&1; then
        unzip -q -o "$3/$1" "$2/*" -d "$3"
    elif command -v python3 >/dev/null 2>&1; then
        python3 -m zipfile -e "$3/$1" "$3"
    else
        die "neither unzip nor python3 is there. Install one (apt-get install unzip)."
    fi
}

# fetch NAME VERSION WHEEL SHA256 FOLDER FILE: FILE must be there afterwards
fetch() {
    name=$1 version=$2 wheel=$3 sha256=$4 dir=$cache/$5 needed=$6
    stamp=$dir/.unpacked-$sha256
    [ -f "$stamp" ] && [ -f "$dir/$needed" ] && return 0
    mkdir -p "$dir" || die "$dir cannot be made."
    [ -f "$dir/$wheel" ] && verify "$dir/$wheel" "$sha256" || { rm -f "$dir/$wheel"; download "$name" "$version" "$wheel" "$dir"; }
    [ -f "$dir/$wheel" ] || die "pip left no $wheel in $dir."
    verify "$dir/$wheel" "$sha256" || die "$dir/$wheel is not the file we expect (SHA-256 differs). Delete it and try again."
    unpack "$wheel" "${needed%%/*}" "$dir" || die "$dir/$wheel could not be unpacked. Delete it and try again."
    [ -f "$dir/$needed" ] || die "$dir/$wheel holds no $needed."
    : >"$stamp"
    echo "fetch_data: $name $version is in $dir"
}

fetch pymorphy3-dicts-ru 2.4.417150.4580142 pymorphy3_dicts_ru-2.4.417150.4580142-py2.py3-none-any.whl \
    718bac64c73c10c16073a199402657283d9b64c04188b694f6d3e9b0d85440f4 morph pymorphy3_dicts_ru/data/words.dawg
fetch django-htmx 1.29.0 django_htmx-1.29.0-py3-none-any.whl \
    0ec5be1645ed71e6787bd75e0250624f00274ac3bb1730f07b6629a95688929b htmx django_htmx/static/django_htmx/htmx-2.min.js
