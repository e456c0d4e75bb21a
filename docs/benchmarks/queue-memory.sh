#!/bin/sh
# What a queue of 65,536 rows costs: its rows, and nothing for each step. Two modalities in two
# spaces of 128 and 1,024 columns, once with queues of 1,024 rows and once with 65,536; the
# difference of the resident sizes beside that of the rows, and whether the larger run grows.
#
#   docs/benchmarks/queue-memory.sh [STEPS]
set -eu

steps=${1:-120}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for rows in 1024 65536; do
  "$root/mmct" train --preset quickstart --out "$work/$rows" --set "steps=$steps" --set "queue=$rows" \
    --set queueStart=random --set batch=32 --set data.options.train=3200 --set data.options.val=32 \
    --set spaces.common.width=1024 --set evaluate.run=null --set logEvery=20 \
    --set checkpoints.everySteps=1000000 >/dev/null
  sed -n 's/.*"step":\([0-9]*\),.*"resident_mb":\([0-9.]*\).*/\1 \2/p' "$work/$rows/metrics.jsonl" |
    awk -v rows="$rows" '$1 <= 40 { first = $2 } { last = $2; n = $1 }
      END { printf "%d rows: resident after 40 steps %.0f MB, after %d steps %.0f MB\n", rows, first, n, last; print last > "/dev/stderr" }' \
      2>>"$work/last"
done
awk '{ m[NR] = $1 } END { printf "64,512 further rows of 2 x (128 + 1,024) floats are %.0f MB; the runs differ by %.0f MB\n",
  64512 * 2 * 1152 * 4 / 1e6, m[2] - m[1] }' "$work/last"
