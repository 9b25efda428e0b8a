#!/usr/bin/env bash
# From a fresh clone to the running program.
#
#   installer/run.sh                 install, build, open the demonstration directory
#   installer/run.sh --build-only    stop after the build; the program is build/bin/chromakeep
#   installer/run.sh ARGUMENT...     install, build, hand the arguments to the program
#
# Without a display the program's own walk is shown to a screen in memory instead: the real
# window, led through the main job, a picture of each step in build/walk/. The exit code is 0
# only when every step worked.

# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

demo_archive=$root/resources/demo/casestar_demo.tar.zst

has_display() { [[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} ]]; }

# Unpacks the demonstration directory as $1/casestar_demo, whole or not at all.
unpack_demo() {
    local into=$1 stage=$1/.unpacking found
    rm -rf "$stage" "$into/casestar_demo"
    mkdir -p "$stage"
    tar --extract --zstd --file "$demo_archive" --directory "$stage" --no-same-owner
    found=$(find "$stage" -name chroma.sqlite3 -printf '%h\n' -quit)
    [[ -n $found ]] || fail "the demonstration archive holds no Chroma directory."
    mv "$found" "$into/casestar_demo"
    rm -rf "$stage"
}

open_demo() {
    local demo=$build/demo/casestar_demo
    if [[ ! -d $demo || $demo_archive -nt $build/demo/unpacked ]]; then
        say "Demo: unpacking the demonstration directory to build/demo/casestar_demo"
        unpack_demo "$build/demo"
        touch "$build/demo/unpacked"
    fi
    say "Opening build/demo/casestar_demo"
    exec "$build/bin/chromakeep" "$demo"
}

walk() {
    local pictures=$build/walk demo=$build/walk-demo status=0
    say "No display: walking the main job on a screen in memory"
    rm -rf "$pictures" "$demo"
    mkdir -p "$pictures" "$demo/run"
    chmod 700 "$demo/run"
    unpack_demo "$demo"
    [[ -x $build/bin/chromakeep_walk ]] || fail "the build made no walk (build/bin/chromakeep_walk)."
    trap stop_screen EXIT
    start_screen
    env QT_QPA_PLATFORM=xcb LC_ALL=C.UTF-8 HOME="$demo/home" \
        XDG_RUNTIME_DIR="$demo/run" XDG_CONFIG_HOME="$demo/config" \
        XDG_DATA_HOME="$demo/share" XDG_CACHE_HOME="$demo/cache" \
        "$build/bin/chromakeep_walk" "$demo/casestar_demo" "$pictures" || status=$?
    say "Walk: $(find "$pictures" -name '*.png' | wc -l) pictures in build/walk/"
    if [[ $status -eq 0 ]]; then
        say "Walk: every step worked"
    else
        say "Walk: FAILED (exit code $status)"
    fi
    return "$status"
}

cd "$root"
screen=()
[[ $# -gt 0 ]] || has_display || screen=(screen)
installer/build.sh "${screen[@]}"

case ${1:-} in
    --build-only) ;;
    '') if has_display; then open_demo; else walk; fi ;;
    *) exec "$build/bin/chromakeep" "$@" ;;
esac
