#!/usr/bin/env bash
# Installs, builds and runs every test, the comparison with a real Chroma included.
# The last line reads "N passed, N failed"; the exit code is 0 only when none failed.

# shellcheck source=installer/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cd "$root"
installer/build.sh screen test
keep_caches_in_clone
tests/support/real_chroma/setup.sh

say "Tests: running all of them"
status=0
rm -f "$build/test-results.xml"
ctest --test-dir "$build" --parallel "$(nproc)" --output-on-failure --no-tests=error \
    --output-junit "$build/test-results.xml" </dev/null || status=$?

[[ -s $build/test-results.xml ]] || fail "ctest left no record of its run (exit code $status)."

# What counts is ctest's own record of the run. A test that did not run did not pass.
total=$(grep -c '<testcase ' "$build/test-results.xml" || true)
passed=$(grep -c '<testcase .*status="run"' "$build/test-results.xml" || true)
failed=$((total - passed))
[[ $failed -eq 0 || $status -ne 0 ]] || status=1

printf '%d passed, %d failed\n' "$passed" "$failed"
exit "$status"
