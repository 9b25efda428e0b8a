#!/usr/bin/env bash
# Provides KArchive for Qt 6 (KF6Archive), the library that reads and writes archives.
#
# Where the distribution carries it, its package is installed. Where it does not (Debian 12,
# Ubuntu 24.04), the next Debian release's own source package is fetched, its signature checked
# against the Debian archive keyring, and a static library built under build/deps/karchive.
# That road has an apt configuration of its own: the system's lists, caches and packages stay
# as they are. Done once; afterwards this script returns at once.

# shellcheck source=installer/next_debian.sh
source "$(dirname "${BASH_SOURCE[0]}")/next_debian.sh"

package=libkf6archive-dev
prefix=$build/deps/karchive
work=$build/deps/karchive-work

installed() {
    [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# A private build fits the Qt and the compiler it was made with.
fingerprint() {
    dpkg-query --show --showformat '${Package} ${Version}\n' qt6-base-dev g++ 2>/dev/null | sort
}

in_distribution() {
    [[ $(apt-cache policy "$package" 2>/dev/null) =~ Candidate:\ [0-9] ]]
}

fetch_sources() {
    say "KArchive: fetching Debian's signed source package (kf6-karchive of $suite)"
    open_next_debian
    mkdir -p "$work/ecm"
    (
        cd "$work"
        private_apt source --download-only kf6-karchive
        cd ecm
        private_apt download extra-cmake-modules
    ) || fail "KArchive's source package could not be fetched from $(mirror)."
    dpkg-source --extract "$work"/kf6-karchive_*.dsc "$work/source" >"$work/unpack.log" 2>&1 ||
        fail "KArchive's source package does not match its own checksums."
    dpkg-deb --extract "$work"/ecm/extra-cmake-modules_*.deb "$work/ecm"
}

# Two changes let it build on this distribution's Qt: the version asked for, and a header that
# newer Qt versions include by themselves.
adapt_sources() {
    local qt
    qt=$(dpkg-query --show --showformat '${Version}' qt6-base-dev)
    sed -i "s/^set(REQUIRED_QT_VERSION .*)/set(REQUIRED_QT_VERSION ${qt%%[+~-]*})/" \
        "$work/source/CMakeLists.txt"
    grep -q '#include <QStringEncoder>' "$work/source/src/k7zip.cpp" ||
        sed -i '0,/^#include </s//#include <QStringEncoder>\n#include </' "$work/source/src/k7zip.cpp"
}

build_library() {
    say "KArchive: building it under build/deps/karchive (about half a minute)"
    {
        cmake -S "$work/source" -B "$work/build" -G Ninja \
            -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
            -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTING=OFF \
            -DECM_DIR="$work/ecm/usr/share/ECM/cmake" -DKF_SKIP_PO_PROCESSING=ON \
            -DWITH_BZIP2=ON -DWITH_LIBLZMA=ON -DWITH_LIBZSTD=ON \
            -DWITH_OPENSSL=OFF -DCMAKE_DISABLE_FIND_PACKAGE_OpenSSL=ON &&
            cmake --build "$work/build" && cmake --install "$work/build"
    } >"$work/build.log" 2>&1 || {
        tail -n 20 "$work/build.log" >&2
        fail "KArchive did not build; the whole story is in build/deps/karchive-work/build.log."
    }
}

main() {
    if installed "$package"; then
        say "KArchive: the distribution's package is present"
    elif [[ -f $prefix/made-with && $(<"$prefix/made-with") == "$(fingerprint)" ]]; then
        say "KArchive: the private build is present"
    elif in_distribution; then
        "$root/installer/packages.sh" --only "$package"
    else
        rm -rf "$prefix" "$work"
        fetch_sources
        adapt_sources
        build_library
        fingerprint >"$prefix/made-with"
        rm -rf "$work"
    fi
}

main "$@"
