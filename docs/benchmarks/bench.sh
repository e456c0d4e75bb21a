#!/bin/sh
# What a training step costs on this machine, and how that grows with the batch, the queue, the
# sizes of the views and the number of modalities: mmct bench with every sweep. The table is printed,
# the file holds everything.
#
#   docs/benchmarks/bench.sh [FILE [OPTION ...]]
#
# FILE    bench.json by default
# OPTION  of mmct bench, such as --preset flickr8k-small --data flickr8k/manifest.csv --rounds 5
set -eu

file=${1:-bench.json}
[ "$#" -eq 0 ] || shift
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
export OMP_WAIT_POLICY=PASSIVE
exec "${MMCT:-$root/mmct}" bench --sweep all --out "$file" "$@"
