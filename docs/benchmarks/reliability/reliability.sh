#!/bin/sh
# A campaign against the program: kills at every change of the disk and at random moments, refused
# changes, power cuts, flipped bits, mutated inputs, random blocks, memory over 20,000 steps. Prints a table
# of what was tried and what was wrong; an hour on two cores. The build runs a short part of the same.
#
#   docs/benchmarks/reliability/reliability.sh [--short]
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../../.." && pwd -P)
kills=300 changes=1000000 flips=10000 mutations=10000000 blocks=20000 steps=20000
if [ "${1:-}" = --short ]; then
  kills=8 changes=20 flips=500 mutations=200000 blocks=2000 steps=1000
fi

cd "$root"
tally=mmct.cli/target/reliability.tsv
log=mmct.cli/target/reliability.log
rm -f "$tally"
began=$(date +%s)
status=0
# The package first: the processes that are killed are of it. Every kind is tried, whatever another finds.
./build -DskipTests -DskipArchives -Dspotless.check.skip -Djacoco.skip package >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
./build test -pl mmct.cli,mmct.eval -am -Dspotless.check.skip -Djacoco.skip \
  -Dmaven.test.failure.ignore=true -Dsurefire.failIfNoSpecifiedTests=false \
  -Dtest='WholeFilesTest,FaultsTest,PowerCutsTest,BitFlipsTest,MutationsTest,RandomBlocksTest,KilledProcessesTest,NothingLeavesTest' \
  "-Dmmct.reliability.kills=$kills" "-Dmmct.reliability.changes=$changes" "-Dmmct.reliability.flips=$flips" \
  "-Dmmct.reliability.mutations=$mutations" "-Dmmct.onnx.seeds=$blocks" >>"$log" 2>&1 || status=1
grep -q 'Failures: [1-9]\|Errors: [1-9]' "$log" && status=1
# What counts nothing itself: every block is one trial, and so is every test of what is sent.
report() {
  sed -n 's/.*<testsuite .*tests="\([0-9]*\)" errors="\([0-9]*\)" skipped="\([0-9]*\)" failures="\([0-9]*\)".*/\1 \2 \3 \4/p' "$1" |
    awk -v kind="$2" -v tried="${3:-}" '{ printf "%s\t%d\t%d\n", kind, tried ? tried : $1 - $3, $2 + $4 }' >>"$tally"
}
report mmct.eval/target/surefire-reports/TEST-mmct.eval.onnx.RandomBlocksTest.xml "random blocks, exported or refused" "$blocks"
report mmct.cli/target/surefire-reports/TEST-mmct.cli.survival.NothingLeavesTest.xml "commands watched for what they send"

printf '| what | tried | wrong |\n|---|---:|---:|\n'
awk -F '\t' '{ kind = $1; sub(/:.*/, "", kind); tried[kind] += $2; wrong[kind] += $3; if (!(kind in seen)) { seen[kind] = 1; order[++n] = kind } }
  END { for (i = 1; i <= n; i++) printf "| %s | %d | %d |\n", order[i], tried[order[i]], wrong[order[i]] }' "$tally"
"$root/docs/benchmarks/memory.sh" "$steps"
printf 'on %s, %s cores, %s, in %d minutes, at %s\n' "$(uname -sr)" "$(getconf _NPROCESSORS_ONLN)" \
  "$(date +%Y-%m-%d)" $((($(date +%s) - began) / 60)) "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
[ "$status" = 0 ] || echo "failures are in $log and in the reports beside it"
exit "$status"
