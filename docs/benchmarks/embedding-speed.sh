#!/bin/sh
# How fast pictures are encoded: by the trained block of Deep Java Library, by ONNX Runtime with
# the exported file, and by mmct embed from files on the disk to features on the disk; in turn, so
# that a machine that slows down slows all of them. The ratios are what to quote.
#
#   docs/benchmarks/embedding-speed.sh RUN DATA [ROUNDS [BATCHES]]
#
# RUN   a run with an image encoder
# DATA  pictures, such as a CSV manifest
#
# The program runs on the cores that THREADS says, 1 by default, which leaves the others free to
# decode pictures.
set -eu

run=$1
data=$2
rounds=${3:-5}
batches=${4:-8}
threads=${THREADS:-1}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
. "$root/docs/benchmarks/program.sh"
export OMP_NUM_THREADS="$threads"
java_on_program "$root/docs/benchmarks/EmbeddingSpeed.java" \
  "$run" "$data" "$rounds" "$batches" "$threads"
