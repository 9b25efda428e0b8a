#!/usr/bin/env bash
# Installs the system packages that Chromakeep needs and that are missing.
#
#   installer/packages.sh [SET...]     build (default), screen, test
#   installer/packages.sh --only NAME...
#   installer/packages.sh --list [SET...]
#
# When nothing is missing it only asks dpkg, which takes milliseconds.
# For Debian 12 and 13 and Ubuntu 24.04 and later.

# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Compilers, Qt and the libraries; what a window needs to be drawn.
build_set="
    build-essential cmake ninja-build ccache pkg-config gpgv ca-certificates
    qt6-base-dev qt6-base-dev-tools qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
    libgl-dev libsqlite3-dev libhnswlib-dev nlohmann-json3-dev libre2-dev libyaml-cpp-dev
    libxxhash-dev libexpected-dev libeigen3-dev
    libzstd-dev libssl-dev liblzma-dev libbz2-dev zlib1g-dev zstd
    fonts-dejavu-core"

# A screen in memory, for machines without one.
screen_set="xvfb xauth"

# What the tests need beyond that: sanitizers and fuzzing, validators, a real Chroma.
test_set="
    clang libclang-rt-dev
    appstream desktop-file-utils shellcheck file groff-base
    xvfb xauth xdotool"

# Node carries the real Chroma of the interop tests. A newer Node from elsewhere is kept.
node_is_recent() {
    local version
    version=$(node --version 2>/dev/null) || return 1
    version=${version#v}
    [[ ${version%%.*} =~ ^[0-9]+$ && ${version%%.*} -ge 18 ]]
}

# The plugin that draws SVG icons: part of libqt6svg6 on Debian 12, a package of its own later.
svg_plugin_missing() {
    ! compgen -G '/usr/lib/*/qt6/plugins/iconengines/libqsvgicon.so' >/dev/null
}

packages_of() {
    local set
    for set in "$@"; do
        case $set in
            build)
                echo "$build_set"
                ! svg_plugin_missing || echo qt6-svg-plugins
                ;;
            screen) echo "$screen_set" ;;
            test)
                echo "$test_set"
                node_is_recent || echo nodejs
                command -v npm >/dev/null || echo npm
                ;;
            *) fail "there is no package set named \"$set\" (build, screen, test)." ;;
        esac
    done
}

missing_of() {
    local state name
    local -A installed=()
    while read -r state name; do
        [[ $state == installed ]] && installed[$name]=yes
    done < <(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
    for name in "$@"; do
        [[ -n ${installed[$name]:-} ]] || echo "$name"
    done
}

# Leaves out what this release of the distribution has under another name.
known_of() {
    local name
    for name in "$@"; do
        [[ $name == qt6-svg-plugins ]] && ! apt-cache show "$name" >/dev/null 2>&1 || echo "$name"
    done
}

# Sets `as_root` to what must stand before apt-get, or explains why nothing can.
become_root() {
    as_root=()
    [[ $EUID -eq 0 ]] && return
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
        as_root=(sudo)
        return
    fi
    printf '%s\n' >&2 \
        "Packages are missing, and installing them needs an administrator:" \
        "neither root nor a usable sudo is at hand. Nothing was changed." \
        "Ask for this once, then run the script again:" \
        "" "    apt-get install --no-install-recommends $*" ""
    exit 1
}

install_packages() {
    become_root "$@"
    mkdir -p "$build"
    local names quiet=(-qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    say "Packages: refreshing the package lists"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${quiet[@]}" update </dev/null ||
        say "Packages: the package lists could not be refreshed; trying with those at hand"
    mapfile -t names < <(known_of "$@")
    say "Packages: installing ${#names[@]} missing: ${names[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${quiet[@]}" install \
        --yes --no-install-recommends "${names[@]}" </dev/null >"$build/packages.log" 2>&1 || {
        tail -n 20 "$build/packages.log" >&2
        fail "apt-get could not install the packages; all it said is in build/packages.log."
    }
}

main() {
    local only='' list='' names wanted missing
    case ${1:-} in
        --only) only=yes && shift ;;
        --list) list=yes && shift ;;
        --*) fail "unknown option \"$1\"." ;;
    esac
    if [[ -n $only ]]; then
        wanted=("$@")
    else
        names=$(packages_of "${@:-build}")
        mapfile -t wanted < <(tr -s '[:space:]' '\n' <<<"$names" | sed '/^$/d' | sort -u)
    fi
    if [[ -n $list ]]; then
        printf '%s\n' "${wanted[@]}"
        return
    fi
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        fail "this system has no apt-get. Install the counterparts of these packages by hand and" \
            "build with cmake (CONTRIBUTING.md): ${wanted[*]}"
    fi
    mapfile -t missing < <(missing_of "${wanted[@]}")
    if [[ ${#missing[@]} -eq 0 ]]; then
        [[ -n $only ]] || say "Packages: all ${#wanted[@]} present"
        return
    fi
    install_packages "${missing[@]}"
}

main "$@"
