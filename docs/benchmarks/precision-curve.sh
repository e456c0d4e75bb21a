#!/bin/sh
# Whether a lower precision learns as float32 does: the objectives' values over a run of
# flickr8k-small in float32 and in the other precision with one seed, and in float32 with a second
# seed, which says how much chance alone moves them.
#
#   docs/benchmarks/precision-curve.sh DATA [STEPS [PRECISION]]
#
# DATA  the folder that holds flickr8k/
set -eu

data=$1
steps=${2:-300}
precision=${3:-bf16}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

curve() { # NAME SEED PRECISION: writes "step value" of every objective, means of ten steps each
  "$root/mmct" train --preset flickr8k-small --data "$data/flickr8k/manifest.csv" \
    --set "steps=$steps" --set "seed=$2" --set "precision=$3" --set logEvery=1 \
    --set evaluate.run=null --set export=none --set checkpoints.everySteps=1000000 \
    --out "$work/$1" >/dev/null
  sed -n 's/.*"terms":{\([^}]*\)}.*/\1/p' "$work/$1/metrics.jsonl" | tr -d '"' |
    awk -F, '{ for (i = 1; i <= NF; i++) { split($i, term, ":"); sum[i] += term[2]; name[i] = term[1] }
               if (NR % 10 == 0) for (i = 1; i <= NF; i++) { print NR, name[i], sum[i] / 10; sum[i] = 0 } }' \
      >"$work/$1.curve"
  rm -rf "${work:?}/$1"
}

curve first 1 float32
curve other 1 "$precision"
curve second 2 float32

# How far two curves are apart: the root of the mean square of their differences.
paste -d ' ' "$work/first.curve" "$work/other.curve" "$work/second.curve" |
  awk -v precision="$precision" '
    { a = $3 - $6; b = $3 - $9; n[$2]++; left[$2] += a * a; right[$2] += b * b; signed[$2] += a
      last[$2] = sprintf("%.4f, %.4f, %.4f", $3, $6, $9) }
    END {
      for (term in n)
        printf "%s: apart by %.4f in %s and by %.4f with another seed, mean difference %+.4f; at the end %s\n",
               term, sqrt(left[term] / n[term]), precision, sqrt(right[term] / n[term]), -signed[term] / n[term],
               last[term] " (float32, " precision ", other seed)"
    }' | sort
