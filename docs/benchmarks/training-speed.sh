#!/bin/sh
# Samples per second of a whole training step, data loading included, beside a PyTorch program of
# the same method, sizes and data, in turn: A B A B ... The ratio of each pair is what to quote,
# for single times move with the machine.
#
#   docs/benchmarks/training-speed.sh PEER DATA [PAIRS [STEPS [PRECISION [PEER_PRECISION]]]]
#
# PEER  the PyTorch program (Python with torch, numpy and pillow; name another as PYTHON=...)
# DATA  the folder that holds flickr8k/
# PRECISION, PEER_PRECISION  float32 or bf16: what the encoders compute in, here and there
set -eu

peer=$1
data=$2
pairs=${3:-5}
steps=${4:-60}
precision=${5:-float32}
option=
[ "${6:-float32}" = float32 ] || option=--bf16
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
python=${PYTHON:-python3}
threads=${OMP_NUM_THREADS:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS="$threads" OMP_WAIT_POLICY=PASSIVE

"$root/mmct" --version >/dev/null
i=1
while [ "$i" -le "$pairs" ]; do
  "$root/mmct" train --preset flickr8k-small --data "$data/flickr8k/manifest.csv" \
    --set "steps=$steps" --set "precision=$precision" --set evaluate.run=null --out "$work/$i" >/dev/null
  # The rate over all steps, the first ones included, from the rates of the logged stretches.
  ours=$(sed -n 's/.*"step":\([0-9]*\),.*"samples_per_s":\([0-9.]*\),"data_wait":\([0-9.E-]*\),.*/\1 \2 \3/p' \
    "$work/$i/metrics.jsonl" |
    awk '{ n = 64 * ($1 - last); last = $1; seconds += n / $2; waited += $3 * n / $2; all += n }
         END { printf "%.1f %.2f", all / seconds, 100 * waited / seconds }')
  theirs=$("$python" "$peer" --data "$data" --steps "$steps" --no-eval $option |
    sed -n 's/.*"images\/s": \([0-9.]*\).*/\1/p' | tail -n 1)
  rm -rf "${work:?}/$i"
  if [ -z "$theirs" ]; then
    echo "training-speed: the PyTorch program told no rate; does $python have torch, numpy and pillow?" >&2
    exit 1
  fi
  echo "$ours $theirs" | awk -v i="$i" \
    '{ printf "pair %d: %.1f samples/s, waiting for data %.2f %%; PyTorch %.1f; ratio %.3f\n", i, $1, $2, $3, $1 / $3 }'
  echo "$ours $theirs" | awk '{ print $1 / $3 }' >>"$work/ratios"
  i=$((i + 1))
done
sort -n "$work/ratios" | awk '{ r[NR] = $1 } END { printf "median ratio %.3f (%.3f to %.3f) of %d pairs\n", NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2, r[1], r[NR], NR }'
