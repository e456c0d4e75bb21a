#!/bin/sh
# Whether the memory of a run stays flat: the resident size over 5,000 steps after the first 200.
#
#   docs/benchmarks/memory.sh [STEPS]
#
# Small pictures and batches, so that it takes minutes; every part of a step is there: five
# objectives, three modalities, missing ones too, and the queues wrap around many times. MMCT names
# another program than that of this checkout.
set -eu

steps=${1:-5200}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
mmct=${MMCT:-$root/mmct}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$mmct" train --preset quickstart --out "$work/run" --set "steps=$steps" --set epochs=1000 \
  --set batch=8 --set queue=128 --set modalities.image.size=16 --set data.options.size=16 \
  --set data.options.train=800 --set data.options.missing=0.3 \
  --set evaluate.run=null --set export=none --set checkpoints.everySteps=1000000 >/dev/null
sed -n 's/.*"step":\([0-9]*\),.*"resident_mb":\([0-9.]*\).*/\1 \2/p' "$work/run/metrics.jsonl" |
  awk '$1 == 200 { first = $2 } $1 >= 200 { last = $2; if ($2 > most) most = $2; if (!least || $2 < least) least = $2; n = $1 }
       END { printf "resident after 200 steps %.1f MB, after %d steps %.1f MB (%+.2f %%); least %.1f, most %.1f MB\n",
             first, n, last, 100 * (last - first) / first, least, most }'
