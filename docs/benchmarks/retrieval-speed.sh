#!/bin/sh
# How long retrieval takes among 5,000 images and 25,000 captions, 1,024 wide, and the most memory
# that the process has held; the median of three, at three difficulties.
#
#   docs/benchmarks/retrieval-speed.sh
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
"$root/build" -q -pl mmct.eval -am test -Dtest=RetrievalSpeedBenchmark -Djacoco.skip \
  -Dsurefire.failIfNoSpecifiedTests=false | grep likeness
