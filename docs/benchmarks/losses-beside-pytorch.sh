#!/bin/sh
# Time and peak memory of losses over a queue, forward and backward, beside the same in PyTorch, in
# turn: A B A B ... The ratio of each pair is what to quote, for single times move with the machine.
#
#   docs/benchmarks/losses-beside-pytorch.sh [PAIRS [NAME ...]]      names: info-nce margin-ranking dcl
#
# Needs Linux and Python with torch (another Python as PYTHON=...).
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
pairs=${1:-3}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- info-nce
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
OMP_NUM_THREADS=${OMP_NUM_THREADS:-2}
export OMP_NUM_THREADS OMP_WAIT_POLICY=PASSIVE

for name in "$@"; do
  i=1
  : >"$work/ratios"
  while [ "$i" -le "$pairs" ]; do
    # | `name` | time | memory | ms | MiB |, of the last table that the benchmark prints.
    ours=$("$here/losses.sh" "$name" | sed -n "s/^| \`$name\` |[^|]*|[^|]*| *\([0-9.]*\) | *\([0-9.]*\) |.*/\1 \2/p" | tail -n 1)
    BUILT=1
    export BUILT
    theirs=$("$python" "$here/losses_torch.py" "$name" | cut -d' ' -f2-)
    echo "$ours $theirs" | awk -v n="$name" -v i="$i" \
      '{ printf "%s, pair %d: %.1f ms and %d MiB; PyTorch %.1f ms and %d MiB; ratio %.3f\n", n, i, $1, $2, $3, $4, $1 / $3 }'
    echo "$ours $theirs" | awk '{ print $1 / $3 }' >>"$work/ratios"
    i=$((i + 1))
  done
  sort -n "$work/ratios" | awk -v n="$name" '{ r[NR] = $1 } END { printf "%s: median ratio %.3f (%.3f to %.3f) of %d pairs\n", n, NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2, r[1], r[NR], NR }'
done
