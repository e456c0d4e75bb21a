#!/bin/sh
# Time and peak memory of every objective, forward and backward, beside InfoNCE as 1.0: 256 rows,
# 65,536 queue rows, width 128, default options, one process each.
#
#   docs/benchmarks/losses.sh [NAME ...]      all losses, or some and info-nce
#
# With BUILT=1 in the environment the build is as before and is not repeated.
#
# Needs Linux, which says how much memory a process had at most. JMH, the harness, is licensed under
# GPL 2 with the class path exception; only this benchmark uses it.
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
here=$root/docs/benchmarks/losses/target
. "$root/mmct.cli/src/dist/lib/jdk.sh"
JAVA_HOME=$(find_java_25 javac)
export JAVA_HOME OMP_WAIT_POLICY=PASSIVE OPT_OUT_TRACKING=true DJL_OFFLINE=true

[ -n "${BUILT:-}" ] || (cd "$root" && mvn -B -q ${MAVEN_OPTIONS:-} -Pbenchmarks \
  -pl docs/benchmarks/losses -am -DskipTests -Djacoco.skip package)
exec "$JAVA_HOME/bin/java" -Xmx2g --enable-native-access=ALL-UNNAMED,ai.djl.pytorch_engine,ai.djl.api \
  --module-path "$here/modules" --add-modules mmct.losses \
  -cp "$here/classes:$here/class-path/*" org.mmct.benchmarks.LossBenchmark "$@"
