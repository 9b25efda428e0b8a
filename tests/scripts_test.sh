#!/usr/bin/env bash
# The shell scripts: shellcheck finds nothing, and they refuse or explain what they cannot do.

# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../installer/lib.sh"

cd "$root"
shellcheck --external-sources installer/*.sh tests/*.sh tests/support/*/*.sh .ci/run

expect_failure() {
    local sentence=$1 said
    shift
    said=$("$@" 2>&1) && fail "\"$*\" should have failed."
    [[ $said == *"$sentence"* ]] || fail "\"$*\" did not explain itself: $said"
}
expect_failure 'no package set named "nonsense"' installer/packages.sh nonsense
expect_failure 'unknown option "--nonsense"' installer/packages.sh --nonsense

# Asked again for what is there, it answers from dpkg alone.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf '#!/bin/sh\nexit 99\n' >"$scratch/apt-get"
chmod +x "$scratch/apt-get"
PATH=$scratch:$PATH installer/packages.sh --only bash coreutils
rm "$scratch/apt-get"

# Without root and without sudo it says what an administrator has to install.
cp -r installer "$scratch"
chmod -R go+rX "$scratch"
nobody=()
[[ $EUID -ne 0 ]] || nobody=(setpriv --reuid=65534 --clear-groups)
printf '#!/bin/sh\nexit 1\n' >"$scratch/sudo"
chmod +x "$scratch/sudo"
expect_failure 'apt-get install --no-install-recommends no-such-package' \
    "${nobody[@]}" env PATH="$scratch:/usr/bin:/bin" \
    "$scratch/installer/packages.sh" --only no-such-package </dev/null
say "scripts: good"
