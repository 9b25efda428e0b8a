#!/usr/bin/env bash
# The .deb as a user gets it: built, its texts validated, installed, the program in it started.
#   package_test.sh BUILD_DIR VERSION
# It is unpacked into a temporary folder; on a CI machine, as root, it is really installed too.

build_dir=$1 version=$2
# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../installer/lib.sh"

id=io.github.chromakeep.Chromakeep
scratch=$(mktemp -d)
program_pid=
clean_up() {
    [[ -z $program_pid ]] || kill "$program_pid" 2>/dev/null || true
    stop_screen
    rm -rf "$scratch"
}
trap clean_up EXIT

build_package() {
    (cd "$scratch" && cpack --config "$build_dir/CPackConfig.cmake" -B "$scratch/out") \
        >"$scratch/cpack.log" 2>&1 || { cat "$scratch/cpack.log"; fail "cpack made no package."; }
    deb=$(find "$scratch/out" -maxdepth 1 -name '*.deb')
    [[ -f $deb ]] || fail "cpack did not make exactly one .deb."
    say "built $(basename "$deb") ($(($(stat -c %s "$deb") / 1024)) KiB)"
}

check_fields() {
    local depends
    [[ $(dpkg-deb --field "$deb" Package) == chromakeep ]] || fail "the package has another name."
    [[ $(dpkg-deb --field "$deb" Version) == "$version" ]] || fail "the version is not $version."
    [[ $(dpkg-deb --field "$deb" Section) == database ]] || fail "the section is not database."
    depends=$(dpkg-deb --field "$deb" Depends)
    for library in libc6 libstdc++6 libqt6widgets6; do
        [[ $depends == *"$library"* ]] || fail "the package does not depend on $library: $depends"
    done
    apt-get --simulate -qq install "$deb" >/dev/null || fail "apt would not install the package."
}

check_files() {
    local tree=$1 file
    for file in bin/chromakeep libexec/chromakeep/chromakeep-desktop "share/applications/$id.desktop" "share/metainfo/$id.metainfo.xml" \
        "share/icons/hicolor/scalable/apps/$id.svg" "share/icons/hicolor/16x16/apps/$id.png" \
        "share/icons/hicolor/256x256/apps/$id.png" share/doc/chromakeep/copyright \
        share/man/man1/chromakeep.1.gz; do
        [[ -s $tree/usr/$file ]] || fail "the package lacks usr/$file."
    done
    [[ -z $(find "$tree" -perm /022 -not -type l) ]] || fail "the package has files that others may write."
    ! strings -a "$tree/usr/bin/chromakeep" "$tree/usr/libexec/chromakeep/chromakeep-desktop" |
        grep -qF "$root/build" ||
        fail "the program carries the path of the folder it was built in."
    desktop-file-validate "$tree/usr/share/applications/$id.desktop"
    appstreamcli validate --no-net "$tree/usr/share/metainfo/$id.metainfo.xml"
    grep -qx "Icon=$id" "$tree/usr/share/applications/$id.desktop"
}

# Starts the program as a desktop would and waits until its window is on the screen.
check_start() {
    local program=$1 said window
    said=$("$program" --version)
    [[ $said == "chromakeep $version" ]] || fail "--version says \"$said\"."
    start_screen
    mkdir -p "$scratch/home/run" && chmod 700 "$scratch/home/run"
    env -u CHROMA_PERSIST_DIR HOME="$scratch/home" XDG_CONFIG_HOME="$scratch/home/config" \
        XDG_RUNTIME_DIR="$scratch/home/run" QT_QPA_PLATFORM=xcb "$program" >"$scratch/program.log" 2>&1 &
    program_pid=$!
    window=$(timeout 60 xdotool search --sync --onlyvisible --pid "$program_pid" | head -n 1) || true
    [[ -n $window ]] || { cat "$scratch/program.log"; fail "no window appeared."; }
    say "window: $(xdotool getwindowname "$window")"
    kill -0 "$program_pid" || fail "the program ended by itself."
    kill "$program_pid"
    wait "$program_pid" || true
    program_pid=
    stop_screen
    [[ ! -s $scratch/program.log ]] || { cat "$scratch/program.log"; fail "the program complained."; }
}

really_install() {
    say "installing for real"
    dpkg --install "$deb" >/dev/null
    (cd / && check_start /usr/bin/chromakeep)
    dpkg --remove chromakeep >/dev/null
    [[ ! -e /usr/bin/chromakeep ]] || fail "removing the package left the program behind."
}

build_package
check_fields
dpkg-deb --extract "$deb" "$scratch/tree"
check_files "$scratch/tree"
check_start "$scratch/tree/usr/bin/chromakeep"
if [[ ${CI:-} == true && $EUID -eq 0 ]]; then really_install; fi
say "package: good"
