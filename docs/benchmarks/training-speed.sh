#!/bin/sh
# Samples per second of a whole training step, data loading included, beside a PyTorch program of
# the same method, sizes and data, in turn: A B A B ... The ratio of each round is what to quote,
# for single times move with the machine.
#
#   docs/benchmarks/training-speed.sh PEER DATA [ROUNDS [STEPS]]
#   PRECISION=bf16 docs/benchmarks/training-speed.sh PEER DATA
#   PRECISION="float32 bf16" docs/benchmarks/training-speed.sh PEER DATA
#
# PEER       the PyTorch program (Python with torch, numpy and pillow; name another as PYTHON=...)
# DATA       the folder that holds flickr8k/
# PRECISION  float32 (the default), bf16, or both: then a round is A B C D, and this program with
#            bf16 is also set beside PyTorch with float32
# MMCT       the program; by default that of this checkout, which is built first
set -eu

peer=$1
data=$2
rounds=${3:-5}
steps=${4:-60}
precisions=${PRECISION:-float32}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
mmct=${MMCT:-$root/mmct}
python=${PYTHON:-python3}
threads=${OMP_NUM_THREADS:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS="$threads" OMP_WAIT_POLICY=PASSIVE

for precision in $precisions; do
  case $precision in
    float32 | bf16) ;;
    *)
      echo "training-speed: PRECISION must be of float32 and bf16 but was '$precisions'" >&2
      exit 2
      ;;
  esac
done

# The rate over all steps, the first ones included, from the rates of the logged stretches, and the
# share of the time spent waiting for data, in percent.
ours() {
  set -- "$1" "$work/run"
  if [ "$1" = bf16 ]; then set -- "$@" --set precision=bf16; fi
  out=$2
  shift 2
  "$mmct" train --preset flickr8k-small --data "$data/flickr8k/manifest.csv" \
    --set "steps=$steps" --set evaluate.run=null --set export=none --out "$out" "$@" >/dev/null
  sed -n 's/.*"step":\([0-9]*\),.*"samples_per_s":\([0-9.]*\),"data_wait":\([0-9.E-]*\),.*/\1 \2 \3/p' \
    "$out/metrics.jsonl" |
    awk '{ n = 64 * ($1 - last); last = $1; seconds += n / $2; waited += $3 * n / $2; all += n }
         END { printf "%.1f %.2f", all / seconds, 100 * waited / seconds }'
  rm -rf "${out:?}"
}

theirs() {
  if [ "$1" = bf16 ]; then set -- --bf16; else set --; fi
  "$python" "$peer" --data "$data" --steps "$steps" --no-eval "$@" |
    sed -n 's/.*"images\/s": \([0-9.]*\).*/\1/p' | tail -n 1
}

ratio() {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f", a / b }'
}

# The median and the range of the numbers in a file.
summary() {
  sort -n "$2" | awk -v what="$1" '{ r[NR] = $1 }
    END { printf "%s: median ratio %.3f (%.3f to %.3f) of %d rounds\n", what,
          NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2, r[1], r[NR], NR }'
}

"$mmct" --version >/dev/null
round=1
while [ "$round" -le "$rounds" ]; do
  ours_bf16=
  theirs_float32=
  for precision in $precisions; do
    told=$(ours "$precision")
    here=${told% *}
    there=$(theirs "$precision")
    if [ -z "$there" ]; then
      echo "training-speed: the PyTorch program told no rate; does $python have torch, numpy and pillow?" >&2
      exit 1
    fi
    echo "round $round, $precision: $here samples/s, waiting for data ${told#* } %; PyTorch $there; ratio $(ratio "$here" "$there")"
    ratio "$here" "$there" >>"$work/$precision"
    echo >>"$work/$precision"
    if [ "$precision" = bf16 ]; then ours_bf16=$here; else theirs_float32=$there; fi
  done
  if [ -n "$ours_bf16" ] && [ -n "$theirs_float32" ]; then
    ratio "$ours_bf16" "$theirs_float32" >>"$work/across"
    echo >>"$work/across"
  fi
  round=$((round + 1))
done
for precision in $precisions; do
  summary "$precision" "$work/$precision"
done
if [ -e "$work/across" ]; then summary "bf16 beside PyTorch's float32" "$work/across"; fi
