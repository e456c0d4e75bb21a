#!/bin/sh
# How long attention takes by one operation of libtorch beside single operations: forward alone, and
# forward and backward, of attention itself and of whole encoders, in float32 and in bf16. The two
# ways take turns, A B B A ..., and the median of the ratios is printed, with the range of the middle
# two thirds; on a machine that does other work beside it, that of processor time says more.
#
#   docs/benchmarks/attention-speed.sh [ROUNDS [DEVICE]]
#
# ROUNDS 15 and DEVICE cpu are the defaults; how libtorch for a GPU is found is told in docs/gpu.md.
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
. "$root/docs/benchmarks/program.sh"
export MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_MMAP_THRESHOLD_=8000000000
java_on_program --add-modules jdk.management \
  --add-exports mmct.text/mmct.text.encoder=ALL-UNNAMED \
  "$root/docs/benchmarks/AttentionSpeed.java" "$@"
