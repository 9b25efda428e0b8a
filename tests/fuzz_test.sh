#!/usr/bin/env bash
# Builds the fuzz targets with clang, sanitizers on, and runs each of them for a short while.
#   fuzz_test.sh BUILD_DIR [SECONDS]
# The `fuzz` preset builds the same targets for longer hunts (CONTRIBUTING.md).

build_dir=$1/fuzz-build seconds=${2:-4}
# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../installer/lib.sh"
keep_caches_in_clone

launcher=()
command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
mkdir -p "$build_dir"
cd "$root"
{
    [[ -f $build_dir/build.ninja ]] || cmake --preset fuzz -B "$build_dir" "${launcher[@]}"
    cmake --build "$build_dir" --target fuzzers
} >"$build_dir/log" 2>&1 || { tail -n 40 "$build_dir/log"; fail "the fuzz targets did not build."; }

# Allocations beyond what any honest input of this size needs, and slowness, count as findings too.
options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=512 -print_final_stats=1)
count=0
for target in "$build_dir"/fuzz/fuzz_*; do
    name=$(basename "$target")
    name=${name#fuzz_}
    mkdir -p "$build_dir/corpus/$name" "$build_dir/findings"
    "$target" "${options[@]}" -artifact_prefix="$build_dir/findings/$name-" \
        "$build_dir/corpus/$name" "tests/fuzz/corpus/$name" >"$build_dir/$name.log" 2>&1 || {
        grep -v '^#' "$build_dir/$name.log" | tail -n 40
        fail "$name: a finding, kept in $build_dir/findings."
    }
    runs=$(grep -oP 'stat::number_of_executed_units:\s+\K\d+' "$build_dir/$name.log")
    say "$name: $runs inputs"
    count=$((count + 1))
done
[[ $count -gt 0 ]] || fail "there is no fuzz target."
say "fuzz: $count targets without a finding"
