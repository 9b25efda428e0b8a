#!/usr/bin/env bash
# Everything from a fresh clone to build/bin/chromakeep: packages, KArchive, configure, build.
#
#   installer/build.sh [SET...]        package sets beside "build": screen, test

# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A build folder that was copied along with a clone still points at the old place.
drop_foreign_cache() {
    local cache=$build/CMakeCache.txt
    [[ -f $cache ]] || return 0
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache" && return 0
    say "Build: the build folder belongs to another clone; configuring anew"
    rm -rf "$cache" "$build/CMakeFiles" "$build/build.ninja" "$build/configured"
}

configure() {
    drop_foreign_cache
    [[ -f $build/build.ninja && $build/configured -nt CMakePresets.json ]] && return
    say "Build: configuring (preset release)"
    local launcher=()
    command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    cmake --preset release "${launcher[@]}" >"$build/configure.log" 2>&1 || {
        tail -n 30 "$build/configure.log" >&2
        fail "cmake could not configure; all it said is in build/configure.log."
    }
    touch "$build/configured"
}

compile() {
    local start=$SECONDS
    local quiet=()
    [[ -t 1 ]] || quiet=(-- --quiet)
    say "Build: compiling"
    cmake --build "$build" "${quiet[@]}" || fail "the build failed; the compiler's words stand above."
    say "Build: build/bin/chromakeep is ready ($((SECONDS - start)) s)"
}

cd "$root"
keep_caches_in_clone
installer/packages.sh build "$@"
installer/karchive.sh
configure
compile
