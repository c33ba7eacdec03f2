#!/usr/bin/env bash
# Measures ./build.sh on real data: a cold run through Register, one more month, and a run with nothing to do.
# Usage: tests/Benchmarks/train.sh FOLDER, with one CSV file a month in FOLDER; the last month is held back, then added.
set -euo pipefail
unset CDPATH
cd -- "$(dirname -- "$0")/../.."
data=${1:?Usage: tests/Benchmarks/train.sh FOLDER with one CSV file a month}
data=$(cd -- "$data" && pwd)

BUILD_ENGINE=compat ./build.sh --help >/dev/null
program=$PWD/.nuke/bin/compat/_build.dll
place=$(mktemp -d)
trap 'chmod -R u+w "$place"; rm -rf "$place"' EXIT
mkdir "$place/.nuke" "$place/data"
cp --reflink=auto "$data"/*.csv "$place/data/" # copies, so that no cache of this checkout knows them
months=("$place"/data/*.csv)
last=${months[-1]}
mv "$last" "$place/held-back"

# Wall time, CPU time and largest memory of one run.
measure() {
    local what=$1 begun ended
    shift
    begun=$(date +%s.%N)
    if [ -x /usr/bin/time ]; then
        /usr/bin/time -o "$place/time" -f '%U %S %M' "$@" >"$place/log" || { tail -40 "$place/log"; exit 1; }
    else
        "$@" >"$place/log" || { tail -40 "$place/log"; exit 1; }
        echo '- - -' >"$place/time"
    fi
    ended=$(date +%s.%N)
    read -r user system peak_kb <"$place/time"
    awk -v what="$what" -v wall="$(awk "BEGIN { print $ended - $begun }")" -v user="$user" -v sys="$system" -v kb="$peak_kb" \
        'BEGIN { printf "%-34s %8.2f s wall %8.2f s user %6.2f s system %8.0f MB peak\n", what, wall, user, sys, kb / 1000 }'
}


printf '%s, %s cores, .NET %s, %d months, %s\n' "$(uname -sm)" "$(nproc)" "$(dotnet --version)" "${#months[@]}" \
    "$(du -sh "$data" | cut -f1)"
measure "cold, ${#months[@]} months less one" dotnet "$program" Register --root "$place"
mv "$place/held-back" "$last"
measure 'one more month' dotnet "$program" Register --root "$place"
measure 'nothing to do' dotnet "$program" Train --root "$place"
if command -v hyperfine >/dev/null; then
    hyperfine --warmup 3 --runs 20 --export-json "$place/hyperfine.json" -N \
        "dotnet $program Train --root $place" | sed -n '/Time/p;/Range/p'
fi
du -sh "$place/.nuke/mlbuild" | sed "s|$place/.nuke/mlbuild|store|"
