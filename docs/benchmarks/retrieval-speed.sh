#!/bin/sh
# How long the evaluation `retrieval` takes among 5,000 images and 25,000 captions, 1,024 wide, from
# features to figures, and the most memory that the whole process has held: three times at three
# difficulties, on two cores. Fails beyond 10 seconds or 1 GB. Needs Linux.
#
#   docs/benchmarks/retrieval-speed.sh
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
. "$root/docs/benchmarks/program.sh"
export OMP_NUM_THREADS=2
java_on_program -XX:ActiveProcessorCount=2 -Xmx600m "$root/docs/benchmarks/RetrievalSpeed.java"
