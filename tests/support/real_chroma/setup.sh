#!/usr/bin/env bash
# Makes a real Chroma ready for the tests: the Rust Chroma of the npm bindings in package-lock.json.
#
#   tests/support/real_chroma/setup.sh [FOLDER]      FOLDER: build/real_chroma
#
# Leaves FOLDER/chroma, which takes the arguments of Chroma's own command line. The bindings want glibc
# 2.39: on older systems they run under the loader of the next Debian release, unpacked into FOLDER.
# Nothing outside of build/ is touched. Done once; afterwards this script returns at once.

# shellcheck source=installer/next_debian.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../../installer/next_debian.sh"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mkdir -p "${1:-$build/real_chroma}" && cd "${1:-$build/real_chroma}" && pwd)
work=$folder/apt
needed_glibc=2.39

fingerprint() {
    cat "$here/package-lock.json" "$here/setup.sh" | sha256sum
    getconf GNU_LIBC_VERSION
    node --version
}

# The system's own C library will do when it is not older than the one needed.
glibc_is_recent() {
    local own
    own=$(getconf GNU_LIBC_VERSION)
    [[ $(printf '%s\n' "$needed_glibc" "${own##* }" | sort --version-sort | head -n 1) == "$needed_glibc" ]]
}

install_bindings() {
    say "Real Chroma: installing the bindings of package-lock.json"
    cp "$here/package.json" "$here/package-lock.json" "$folder"
    keep_caches_in_clone
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
        fail "npm could not install the Chroma bindings; the tests against a real Chroma cannot run."
    compgen -G "$folder/node_modules/chromadb-js-bindings-*/*.node" >/dev/null ||
        fail "npm installed no Chroma bindings: its registry was out of reach, or has none for this machine ($(uname -m))."
}

unpack_newer_glibc() {
    local deb
    command -v apt-get >/dev/null || fail "glibc is older than $needed_glibc and there is no apt-get to fetch a newer one."
    say "Real Chroma: fetching the C library of $suite, for Chroma alone"
    open_next_debian
    mkdir -p "$work/debs" "$folder/glibc"
    (cd "$work/debs" && private_apt download libc6 libgcc-s1 libstdc++6) ||
        fail "the C library of $suite could not be fetched from $(mirror)."
    for deb in "$work"/debs/*.deb; do
        dpkg-deb --extract "$deb" "$folder/glibc"
    done
    rm -rf "$work"
}

# Chroma's command line is a function of the bindings: no other package is needed to call it.
write_launchers() {
    cat >"$folder/chroma.cjs" <<'JS'
const { readdirSync } = require("fs");
const name = readdirSync(`${__dirname}/node_modules`).find((n) => n.startsWith("chromadb-js-bindings-"));
require(`${__dirname}/node_modules/${name}`).cli(["chroma", ...process.argv.slice(2)]);
JS
    cat >"$folder/chroma" <<'SH'
#!/usr/bin/env bash
here=$(dirname "$(readlink -f "$0")")
run=(node)
loader=("$here"/glibc/usr/lib/*/ld-linux-*.so.*)
if [[ -e ${loader[0]} ]]; then
    own=$(dirname "${loader[0]}")
    run=("${loader[0]}" --library-path "$own:/usr/lib/$(basename "$own"):/lib/$(basename "$own")" "$(command -v node)")
fi
exec "${run[@]}" "$here/chroma.cjs" "$@"
SH
    chmod +x "$folder/chroma"
}

make_ready() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        fail "Node.js and npm carry the real Chroma of the tests, and they are missing: installer/packages.sh test"
    fi
    [[ ! -f $folder/ready || $(<"$folder/ready") != "$(fingerprint)" ]] || return 0
    rm -rf "$folder"/{ready,node_modules,glibc,apt,chroma,chroma.cjs}
    install_bindings
    glibc_is_recent || unpack_newer_glibc
    write_launchers
    local version
    version=$("$folder/chroma" --version 2>&1) || fail "the real Chroma does not start: $version"
    say "Real Chroma: $version is ready"
    fingerprint >"$folder/ready"
}

exec 9>"$folder.lock"
flock 9
make_ready
