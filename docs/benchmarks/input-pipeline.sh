#!/bin/sh
# How fast one core makes two of MoCo-v2's views of a picture, from the file to normalised floats:
# by the image modality and by a PyTorch program with Pillow, in turn. The ratios are what to quote.
#
#   docs/benchmarks/input-pipeline.sh PEER PHOTOS [SIZE [ROUNDS]]
#
# PEER    the PyTorch program, of which the functions augment and tensor are called (Python with
#         torch, numpy and pillow; name another as PYTHON=...)
# PHOTOS  a folder of pictures, of which the first 200 are read
# SIZE    side of a view in pixels, 224 by default
set -eu

peer=$1
photos=$2
size=${3:-224}
rounds=${4:-5}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE

if [ -z "${MODULES:-}" ]; then
  "$root/mmct" --version >/dev/null
  MODULES=$root/mmct.cli/target/mmct/lib/modules
fi
. "$root/mmct.cli/src/dist/lib/jdk.sh"
java_home=$(find_java_25 java)
# One core for everything, the compiler and the collector of the virtual machine included.
one_core=
command -v taskset >/dev/null && one_core="taskset -c 0"
exec $one_core "$java_home/bin/java" --enable-native-access=ALL-UNNAMED,mmct.vision \
  -p "$MODULES" --add-modules mmct.vision \
  "$root/docs/benchmarks/InputPipeline.java" \
  "$photos" "$size" "$rounds" "${PYTHON:-python3}" "$root/docs/benchmarks/input_pipeline.py" "$peer"
