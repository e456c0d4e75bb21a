#!/bin/sh
# How many threads should prepare data: samples per second of the whole step with the number that the
# program chooses by itself and with 1, 2, 3 and 4, in turn, for pictures of 64 and of 224 pixels.
#
#   docs/benchmarks/workers.sh DATA [OPTION ...]
#
# DATA    a CSV manifest with pictures, captions and tags
# OPTION  of mmct bench, such as --rounds 5 --steps 10
#
# MMCT=program is that of this checkout unless it is named. The batch is 64 at 64 pixels and 8 at
# 224, where a sample costs some twelve times as much.
set -eu

data=$1
shift
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
mmct=${MMCT:-$root/mmct}
export OMP_WAIT_POLICY=PASSIVE

for batch_and_size in "64 64" "8 224"; do
  echo "batch ${batch_and_size% *}, pictures of ${batch_and_size#* } pixels"
  "$mmct" bench --preset flickr8k-small --data "$data" --sweep data.workers=1,2,3,4 \
    --set "batch=${batch_and_size% *}" --set "modalities.image.size=${batch_and_size#* }" "$@"
done
