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
export OMP_NUM_THREADS="$threads" OMP_WAIT_POLICY=PASSIVE

"$root/mmct" --version >/dev/null
program=$root/mmct.cli/target/mmct
. "$root/mmct.cli/src/dist/lib/jdk.sh"
java_home=$(find_java_25 java)
# Providers are found by their modules, so the libraries stay on the module path.
exec "$java_home/bin/java" --sun-misc-unsafe-memory-access=allow \
  --enable-native-access=ALL-UNNAMED,ai.djl.api,ai.djl.pytorch_engine,com.microsoft.onnxruntime,com.sun.jna,mmct.api,mmct.vision \
  -p "$program/lib/modules" -cp "$program/lib/classpath/*" \
  --add-modules mmct.eval,mmct.vision,mmct.text,mmct.losses \
  "$root/docs/benchmarks/EmbeddingSpeed.java" "$run" "$data" "$rounds" "$batches" "$threads"
