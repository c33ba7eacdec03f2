#!/usr/bin/env bash
# Runs the build program build/_build.csproj with the given arguments, compiling it first if its sources changed.
# All it says itself goes to stderr; stdout is the program's. build.ps1 is the same for Windows: change both.
set -euo pipefail
unset CDPATH
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUKE_TELEMETRY_OPTOUT=1
export DOTNET_CLI_UI_LANGUAGE=en # what dotnet says is read below, and by the target Test

# Without asking another process, where that is sure.
case $0 in
build.sh | ./build.sh) root=$PWD ;;
*//* | */./* | */../* | [!/]*) root=$(cd -- "${0%/*}" && pwd) ;;
*) root=${0%/*} ;;
esac
temp=$root/.nuke/temp
probe=$temp/engine-probe

say() { printf '%s\n' "$*" >&2; }

fail() { say "$@"; exit 1; }

use_installed_sdk() {
    if [ -x "$temp/dotnet/dotnet" ]; then export DOTNET_ROOT=$temp/dotnet PATH=$temp/dotnet:$PATH; fi
}

# Finds all that the program is compiled from; the arguments are find's, for each file. A name with brackets is a
# pattern, which nullglob drops when the file is absent. For a subshell.
find_sources() {
    shopt -s nullglob
    cd -- "$root"
    exec find -L build sr[c] build.s[h] Directory.* global.jso[n] [Nn]u[Gg]et.[Cc]onfig .editorconfi[g] \
        -type d \( -name bin -o -name obj \) -prune -o -type f "$@"
}

# One line for all that the program is compiled from: paths and contents, never time stamps. A file that vanishes on
# the way only makes the line differ, hence no pipefail.
fingerprint() (
    set +o pipefail
    if command -v sha256sum >/dev/null; then sha256=(sha256sum); else sha256=(shasum -a 256); fi
    cd -- "$root"
    (find_sources -print0) | LC_ALL=C sort -z | xargs -0 "${sha256[@]}" | "${sha256[@]}"
)

# What the file system says of the sources without reading them, in one process: their contents are read at a start
# only if this differs from last time. No program can set a change time, so no edit leaves it as it was. Sets looked
# and looked_at; empty where find cannot tell (macOS) or the shell has no clock.
look_at_sources() {
    looked='' looked_at=${EPOCHSECONDS:-}
    if [ -n "$looked_at" ]; then
        looked=$(find_sources -printf '%C@ %T@ %s %i %p\n' 2>/dev/null) || looked=''
    fi
}

# Remembers what was looked at, for a program that was made from these contents. Not while a file is so young that an
# edit in the same tick of the file system's clock (up to 2 s) could leave its times as they are.
remember_look() {
    local changed rest
    [ -n "$looked" ] || return 0
    while read -r changed rest; do
        changed=${changed%%.*}
        case $changed in '' | *[!0-9]*) return 0 ;; esac
        if [ "$changed" -ge $((looked_at - 2)) ]; then return 0; fi
    done <<<"$looked"
    # Renamed when whole. A store that cannot be written only means that the next start reads the sources again.
    { printf '%s' "$looked" >"$program/.looked-at.$$" && mv -f "$program/.looked-at.$$" "$program/.looked-at"; } \
        2>/dev/null || true
}

# The version of Nuke.Common that the pipeline is written for stands in one place only. A repository that names none
# there is built with the other host.
read_nuke_version() {
    local entry='"Nuke\.Common" Version="([^"]+)"'
    [[ $(<"$root/Directory.Packages.props") =~ $entry ]] || return 1
    nuke_version=${BASH_REMATCH[1]}
}

# Sets engine and why without asking anybody; says no when only the package feed can tell.
know_engine() {
    engine=${BUILD_ENGINE:-} why='BUILD_ENGINE says so'
    if [ -z "$engine" ] && [ -f "$temp/engine" ]; then
        read -r engine <"$temp/engine" || true
        why='remembered; forget with: rm .nuke/temp/engine'
    fi
    if [ -z "$engine" ] && ! read_nuke_version; then
        engine=compat why='Directory.Packages.props names no Nuke.Common'
    fi
    if [ -z "$engine" ]; then
        [ -f "${NUGET_PACKAGES:-${HOME:-}/.nuget/packages}/nuke.common/$nuke_version/.nupkg.metadata" ] || return 1
        engine=nuke why='found in the package cache'
    fi
    case $engine in
    nuke | fallout | compat) ;;
    *) fail "Build engine '$engine' is not known; expected nuke, fallout or compat. It comes from" \
        "the environment variable BUILD_ENGINE or from the file .nuke/temp/engine: correct or remove it." ;;
    esac
}

# Restores a project that needs nothing but Nuke.Common. Only a clear yes or no of the feed is remembered.
ask_feed() {
    local answer
    mkdir -p "$probe"
    rm -f "$probe/unanswered"
    for props in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
        echo '<Project />' >"$probe/$props"
    done
    cat >"$probe/probe.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Nuke.Common" Version="[$nuke_version]" /></ItemGroup>
</Project>
EOF
    # NuGet would try six times, which is 6 s more per compile for those who work offline.
    if answer=$(cd -- "$probe" && NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=3 \
        dotnet restore probe.csproj --nologo -v quiet -tl:off 2>&1 </dev/null 9>&-); then
        engine=nuke why='the package feed has it; asked once, forget with: rm .nuke/temp/engine'
        echo "$engine" >"$temp/engine"
        return
    fi
    engine=compat
    case $answer in
    *NU1301*) ;; # one of several feeds is out of reach, and it may be the one that has the package
    *NU1101* | *NU1102*)
        why="the package feed has no Nuke.Common $nuke_version; asked once, forget with: rm .nuke/temp/engine"
        echo "$engine" >"$temp/engine"
        return
        ;;
    esac
    : >"$probe/unanswered"
    local error=${answer#*error }
    why="for now, asked again at the next compile: the package feed did not answer, ${error%%$'\n'*}"
}

engine_name() {
    case $engine in
    nuke) echo Nuke.Common ;;
    fallout) echo Fallout.Common ;;
    compat) echo MLBuild.NukeCompat ;;
    esac
}

# True when the program for this engine is there and nothing it is made of changed since.
is_current() {
    local built_from='' remembered=''
    program=$root/.nuke/bin/$engine
    if [ -f "$program/.built-from" ]; then read -r built_from <"$program/.built-from" || true; fi
    [ -n "$built_from" ] || return 1
    look_at_sources
    if [ -n "$looked" ] && [ -f "$program/.looked-at" ]; then
        IFS= read -r -d '' remembered <"$program/.looked-at" || true
        if [ "$looked" = "$remembered" ]; then return; fi
    fi
    sources=$(fingerprint)
    [ "$built_from" = "$sources" ] || return 1
    remember_look
}

run() {
    # The program looks for its root from the current folder upwards, which finds another or none from outside.
    case $PWD/ in "$root"/*) ;; *) export NUKE_ROOT=$root ;; esac
    # Such a host keeps its log open and ends where another build of the checkout, a server say, has it open: each build
    # gets a log of its own.
    if [ "$engine" != compat ]; then rm -f "$temp/build.log"; fi
    exec dotnet "$program/_build.dll" "$@"
}

# Holds fd 9 alone; the kernel lets go when the holder dies, so a lock is never stale. macOS has perl but no flock.
lock() {
    if command -v flock >/dev/null; then
        flock "$@" 9
    else
        perl -MFcntl=:flock -e 'open my $fd, ">&=", 9; exit !flock $fd, LOCK_EX | (@ARGV ? LOCK_NB : 0)' -- "$@"
    fi
}

# The SDK that global.json asks for: from PATH, else downloaded beside the build.
ensure_sdk() {
    if (cd -- "$root" && dotnet --version) </dev/null >/dev/null 2>&1; then return; fi
    local wanted='"version"[^"]*"([0-9]+\.[0-9]+)' installer=$temp/dotnet-install.sh
    [[ $(<"$root/global.json") =~ $wanted ]] ||
        fail 'global.json names no SDK version. Write one as "version": "10.0.100".'
    local channel=${BASH_REMATCH[1]}
    say "no .NET SDK $channel on PATH that satisfies global.json; installing one to .nuke/temp/dotnet"
    rm -rf "$temp/dotnet" "$temp/dotnet.partial"
    if ! curl -fsSL https://dot.net/v1/dotnet-install.sh -o "$installer" ||
        ! bash "$installer" --channel "$channel" --install-dir "$temp/dotnet.partial" --no-path \
            </dev/null >&2 9>&-; then
        fail "The .NET SDK $channel could not be downloaded. Install it (https://dotnet.microsoft.com/download)" \
            "so that 'dotnet --version' in this folder prints $channel.x, then run the build again."
    fi
    mv "$temp/dotnet.partial" "$temp/dotnet"
    use_installed_sdk
}

use_installed_sdk
if ! know_engine && [ -f "$probe/unanswered" ]; then
    engine=compat # without an answer it serves until the next compile, so that working offline stays fast
fi
if [ -n "$engine" ] && is_current; then run "$@"; fi

mkdir -p "$temp"
exec 9>"$temp/compile.lock"
if ! lock -n; then
    say 'another build is compiling in this checkout; waiting for it'
    lock
fi
ensure_sdk
know_engine || ask_feed
if ! is_current; then
    sources=$(fingerprint) # before the compile, so that an edit during it compiles again next time
    say "build engine: $(engine_name) ($why)"
    say 'compiling build/_build.csproj'
    # A failed compile leaves a mixed program, which must not pass for any sources.
    rm -f "$program/.built-from" "$program/.looked-at" "$program/.completion"
    (cd -- "$root" && dotnet msbuild build/_build.csproj -restore -p:Configuration=Release -p:BuildEngine="$engine" \
        -p:OutputPath="$program/" -p:ReadyToRun=true -v:quiet -nologo -tl:off) </dev/null >&2 9>&- ||
        fail 'The build program does not compile, so nothing was run.'
    echo "$sources" >"$program/.built-from"
fi
exec 9>&- # the program must not inherit the lock
run "$@"
