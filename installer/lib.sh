# Shared by the scripts in this folder: where things stand, and how they speak.
# shellcheck shell=bash

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
export LC_ALL=C.UTF-8

say() { printf '== %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Everything that a tool would like to keep in the home folder is kept in the clone.
keep_caches_in_clone() {
    mkdir -p "$build"
    export CCACHE_DIR=${CCACHE_DIR:-$build/ccache} CCACHE_MAXSIZE=1G CCACHE_BASEDIR=$root
    export CCACHE_SLOPPINESS=pch_defines,time_macros
    export npm_config_cache=$build/npm-cache npm_config_update_notifier=false
}

# Starts a screen in memory on a free display number and sets DISPLAY; the caller ends it with
# stop_screen, best from a trap.
start_screen() {
    local scratch display=''
    scratch=$(mktemp -d "$build/screen.XXXXXX")
    mkfifo "$scratch/number"
    Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp \
        3<>"$scratch/number" >"$build/screen.log" 2>&1 &
    screen_pid=$!
    read -r -t 30 display <>"$scratch/number" || true
    rm -rf "$scratch"
    [[ -n $display ]] || fail "the screen in memory (Xvfb) did not start; see build/screen.log."
    export DISPLAY=:$display
}

stop_screen() {
    [[ -n ${screen_pid:-} ]] || return 0
    kill "$screen_pid" 2>/dev/null || true
    wait "$screen_pid" 2>/dev/null || true
    screen_pid=
}
