#!/bin/sh
# How long the packaged program takes to say what it can do: seconds, median of some starts.
#
#   docs/benchmarks/start.sh [TIMES]
set -eu

times=${1:-9}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
"$root/mmct" --version >/dev/null
i=0
while [ "$i" -lt "$times" ]; do
  from=$(date +%s%N)
  "$root/mmct.cli/target/mmct/bin/mmct" --help >/dev/null
  to=$(date +%s%N)
  echo $(((to - from) / 1000000))
  i=$((i + 1))
done | sort -n | awk '{ t[NR] = $1 } END { printf "mmct --help: median %.2f s, from %.2f to %.2f s, of %d\n",
  t[int((NR + 1) / 2)] / 1000, t[1] / 1000, t[NR] / 1000, NR }'
