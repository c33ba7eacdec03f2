#!/usr/bin/env bash
# Counts the instructions of a Train with nothing to do, which vary less from run to run than time does.
# Usage: tests/Benchmarks/instructions.sh FOLDER, with one CSV file a month in FOLDER.
set -euo pipefail
unset CDPATH
cd -- "$(dirname -- "$0")/../.."
data=${1:?Usage: tests/Benchmarks/instructions.sh FOLDER with one CSV file a month}
data=$(cd -- "$data" && pwd)

BUILD_ENGINE=compat ./build.sh --help >/dev/null
program=$PWD/.nuke/bin/compat/_build.dll
place=$(mktemp -d)
trap 'chmod -R u+w "$place"; rm -rf "$place"' EXIT
mkdir "$place/.nuke"
dotnet "$program" Train --data "$data" --root "$place" >/dev/null
nothing_to_do=(dotnet "$program" Train --data "$data" --root "$place")
"${nothing_to_do[@]}" | tail -1

# A virtual machine often has no counters, and valgrind often cannot run the JIT; each is tried.
if counted=$(perf stat -x, -e instructions:u -r 5 -- "${nothing_to_do[@]}" 2>&1 >/dev/null) &&
    [[ $counted =~ ^([0-9]+), ]]; then
    printf '%s user instructions (perf, mean of 5)\n' "${BASH_REMATCH[1]}"
elif counted=$(valgrind --tool=none --error-exitcode=9 true 2>&1) &&
    counted=$(DOTNET_TieredPGO=0 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "${nothing_to_do[@]}" 2>&1 >/dev/null) &&
    [[ $counted =~ Collected\ :\ ([0-9]+) ]]; then
    printf '%s user instructions (valgrind)\n' "${BASH_REMATCH[1]}"
else
    echo 'neither perf nor valgrind can count instructions of .NET on this machine' >&2
    exit 1
fi
