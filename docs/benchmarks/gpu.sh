#!/bin/sh
# Samples per second of a whole training step at the paper's sizes on a GPU, data loading included,
# and the memory that the GPU gives for it: ResNet-50 on pictures of 224, BERT-base on captions of up
# to 40 tokens, five objectives, queues of 32,768. Where a PyTorch program of the same method is
# given, it runs in turn with this one: A B A B ... The ratio of each pair is what to quote.
#
#   docs/benchmarks/gpu.sh DATA [PEER [PAIRS [STEPS]]]
#
# DATA   a CSV manifest with pictures, captions and tags
# PEER   the PyTorch program (Python with torch; name another as PYTHON=...). It takes --data --steps
#        --warm --batch --queue and, for mixed precision, --bf16 --channels-last, and prints one line
#        of JSON that holds "samples/s" and "data_wait". Without it (or with -) only this program runs.
# BATCH=128 QUEUE=32768 PRECISIONS="float32 bf16" DEVICE=gpu and MMCT=program are the defaults; what
# MORE holds is handed to every training, such as MORE="--set modalities.image.size=64".
# How libtorch for the GPU is found is told in docs/gpu.md. The first ten steps are not counted.
set -eu

data=$1
peer=${2:--}
pairs=${3:-3}
steps=${4:-60}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
mmct=${MMCT:-$root/mmct}
python=${PYTHON:-python3}
batch=${BATCH:-128}
queue=${QUEUE:-32768}
device=${DEVICE:-gpu}
work=$(mktemp -d)
watcher=
trap '[ -z "$watcher" ] || kill "$watcher" 2>/dev/null || true; rm -rf "$work"' EXIT
export OMP_WAIT_POLICY=PASSIVE

# Memory is watched from outside, alike for both programs: what all processes hold at most.
watch() {
  : >"$work/memory"
  nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits -lms 200 >"$work/memory" 2>/dev/null &
  watcher=$!
}
watched() {
  kill "$watcher" 2>/dev/null || true
  watcher=
  most=$(sort -n "$work/memory" | tail -n 1)
}

ours() {
  precision=
  [ "$1" = float32 ] || precision="--set precision=$1"
  # shellcheck disable=SC2086
  "$mmct" train --preset paper-coco --data "$data" --device "$device" --out "$work/run" \
    --set "steps=$steps" --set "batch=$batch" --set "queue=$queue" --set logEvery=10 \
    --set evaluate.run=null --set export=none $precision ${MORE:-} >"$work/log" 2>&1 || {
    tail -n 5 "$work/log" >&2
    exit 1
  }
  # The rate over the logged stretches but the first.
  sed -n 's/.*"step":\([0-9]*\),.*"samples_per_s":\([0-9.]*\),"data_wait":\([0-9.E-]*\),.*/\1 \2 \3/p' "$work/run/metrics.jsonl" |
    awk -v batch="$batch" '{ n = batch * ($1 - last); last = $1 } NR > 1 { seconds += n / $2; waited += $3 * n / $2; all += n }
         END { printf "%.1f %.4f\n", all / seconds, waited / seconds }'
  rm -rf "${work:?}/run"
}

theirs() {
  mixed=
  [ "$1" = float32 ] || mixed="--bf16 --channels-last"
  # shellcheck disable=SC2086
  "$python" "$peer" --data "$data" --steps "$steps" --warm 10 --batch "$batch" --queue "$queue" $mixed >"$work/log" 2>&1 || {
    tail -n 5 "$work/log" >&2
    exit 1
  }
  sed -n 's/.*"samples\/s": *\([0-9.]*\).*"data_wait": *\([0-9.E-]*\).*/\1 \2/p' "$work/log" | tail -n 1
}

row() {
  echo "$1 $2 $3 $4 $5" |
    awk '{ printf "%-8s %-8s %8.1f samples/s, waiting for data %5.2f %%, %6d MB of the GPU\n", $1, $2, $3, 100 * $4, $5 }'
}

nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null || echo "no nvidia-smi: memory is not told"
for precision in ${PRECISIONS:-float32 bf16}; do
  i=1
  while [ "$i" -le "$pairs" ]; do
    watch
    mine=$(ours "$precision")
    watched
    row "$precision" mmct $mine "${most:-0}"
    if [ "$peer" != - ]; then
      watch
      other=$(theirs "$precision")
      watched
      row "$precision" pytorch $other "${most:-0}"
      echo "${mine% *} ${other% *}" | awk '{ printf "%.4f\n", $1 / $2 }' >>"$work/ratios.$precision"
    fi
    i=$((i + 1))
  done
  if [ -s "$work/ratios.$precision" ]; then
    sort -n "$work/ratios.$precision" | awk -v p="$precision" '{ r[NR] = $1 }
      END { printf "%s: median ratio %.3f (%.3f to %.3f) of %d pairs\n", p, NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2, r[1], r[NR], NR }'
  fi
done
