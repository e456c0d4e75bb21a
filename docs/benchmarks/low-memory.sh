#!/bin/sh
# What memory: low saves and costs: the peak resident size and the time of a step with ResNet-50 at
# 224 pixels, keeping activations and computing them twice.
#
#   docs/benchmarks/low-memory.sh [BATCH [DEVICE]]
#
# On a GPU look at nvidia-smi instead: the resident size is the host's.
set -eu

batch=${1:-16}
device=${2:-cpu}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for memory in normal low; do
  "$root/mmct" train --preset quickstart --device "$device" --dry-run --out "$work/$memory" \
    --set modalities.image.encoder=resnet50 --set modalities.image.size=224 \
    --set data.options.size=224 --set "batch=$batch" --set "memory=$memory" --set evaluate.run=null |
    grep -E '^(step|memory)' | sed "s/^/$memory: /"
done
