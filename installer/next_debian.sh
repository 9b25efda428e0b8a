# Single packages of the next Debian release, for what this one lacks: an apt configuration of its own in
# the folder $work. The system's lists, caches and packages stay as they are, and every signature is
# checked against the Debian archive keyring. Sourced; the caller may set another `work`.
# shellcheck shell=bash

# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

suite=trixie
work=$build/deps/next-debian
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirror that this machine's own Debian packages come from, else Debian's front door.
mirror() {
    local found
    # shellcheck disable=SC2016 # apt's own placeholder, not a shell expansion
    found=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        grep -E '^https?://[^ ]*/debian/?$' | head -n 1 || true)
    echo "${found:-http://deb.debian.org/debian}"
}

write_apt_configuration() {
    mkdir -p "$work"/{lists/partial,cache/archives/partial,log}
    : >"$work/status"
    echo "deb [signed-by=$keyring target=Packages] $1 $suite main" >"$work/sources.list"
    echo "deb-src [signed-by=$keyring target=Sources] $1 $suite main" >>"$work/sources.list"
    cat >"$work/apt.conf" <<CONF
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$work";
Dir::State::Lists "$work/lists";
Dir::State::Status "$work/status";
Dir::Cache "$work/cache";
Dir::Log "$work/log";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
APT::Get::AllowUnauthenticated "false";
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
}

private_apt() { apt-get --quiet=2 --config-file "$work/apt.conf" "$@" </dev/null; }

# Fetches the signed package lists into $work.
open_next_debian() {
    local from
    from=$(mirror)
    [[ -r $keyring ]] || "$root/installer/packages.sh" --only debian-archive-keyring
    write_apt_configuration "$from"
    private_apt update || fail "the signed package lists of $from could not be fetched."
}
