#!/bin/sh
# What training adds, by every evaluation, over three seeds: runs of flickr8k-small beside runs of
# the same first weights that were not trained. Prints mean and standard deviation of both, and the
# difference in units of the deviation of a difference, √(s² + t²).
#
#   docs/benchmarks/evaluations.sh DATA WORK [SEEDS]
#
# DATA   the folder that holds flickr8k/ and imagenette_s/
# WORK   where runs and results are kept; what is there already is taken as it is, so the script
#        goes on where it was stopped. random1, trained1 ... are the runs
# SEEDS  the seeds; "1 2 3" by default
#
# EVALUATIONS chooses among "knn probe retrieval tagging retrieval-train". PROGRAM names another
# mmct. JOINT holds the options of `retrieval --train`: its full schedule of 30 epochs with a GRU of
# 1,024, JOINT=, takes hours on two cores; and features as weak as these collapse under its hinge of
# the hardest other, so by default all others count. TRAINING holds further options of the runs, such as
# "--set precision=bf16". With TABLE= no table is printed, which needs a JDK.
set -eu

data=$1
work=$2
seeds=${3:-1 2 3}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
program=${PROGRAM:-$root/mmct}
joint=${JOINT---set training.epochs=10 --set training.fullRateEpochs=5 --set training.sumEpochs=10 --set training.sentence.encoder.width=256}
wanted=${EVALUATIONS:-knn probe retrieval tagging retrieval-train}
kinds='random trained'
photos=$data/flickr8k/manifest.csv
classes=$data/imagenette_s/labels.csv
mkdir -p "$work/results"

# run KIND SEED: a run that is there, or a new one. Without a learning rate one step changes no
# weight; it is needed only because statistics of batches start from nothing.
run() {
  [ -e "$work/$1$2/run.json" ] && return
  changes=
  [ "$1" = random ] && changes='--set steps=1 --set optimizer.lr=0'
  # shellcheck disable=SC2086
  "$program" train --preset flickr8k-small --data "$photos" --set "seed=$2" \
    --set evaluate.run=null --set export=none ${TRAINING:-} $changes --out "$work/$1$2"
}

wanted() {
  case " $wanted " in *" $1 "*) ;; *) return 1 ;; esac
}

# evaluate RUN NAME EVALUATOR OPTIONS...: its result as WORK/results/RUN-NAME.json
evaluate() {
  of=$1
  name=$2
  evaluator=$3
  shift 3
  [ -e "$work/results/$of-$name.json" ] && return
  "$program" evaluate "$evaluator" --run "$work/$of" "$@" --out "$work/results/$of-$name.json"
}

for seed in $seeds; do
  for kind in $kinds; do
    run "$kind" "$seed"
    ! wanted knn || evaluate "$kind$seed" knn knn --data "$classes"
    for protocol in paper moco virtex; do
      ! wanted probe ||
        evaluate "$kind$seed" "probe-$protocol" probe --data "$classes" --set "protocol=$protocol"
    done
    ! wanted retrieval ||
      evaluate "$kind$seed" retrieval retrieval --data "$photos" --split test
  done
done
for seed in $seeds; do
  for kind in $kinds; do
    ! wanted tagging || evaluate "$kind$seed" tagging tagging --data "$photos" --split test
    # shellcheck disable=SC2086
    ! wanted retrieval-train || evaluate "$kind$seed" retrieval-train retrieval --train --data "$photos" --split test $joint
  done
done

[ "${TABLE-yes}" ] || exit 0
. "$root/docs/benchmarks/program.sh"
java_on_program "$root/docs/benchmarks/SeedTable.java" "$work/results" $seeds
