#!/bin/sh
# Seven objectives between photos and captions, compared at one budget: zero-shot retrieval on the
# test split of Flickr8k, and the nearest neighbours of image features on a part of Imagenette.
#
#   docs/benchmarks/objectives.sh --data DIR --out DIR [OPTION ...]
#
#   --data DIR         the folder that holds flickr8k/ and imagenette_s/
#   --out DIR          where runs and table go; a second call goes on with what is unfinished there
#   --epochs N         passes over the 6,000 photos (5)
#   --size N           side of the images in pixels (64)
#   --seeds LIST       (1,2,3)
#   --objectives LIST  (info-nce,margin,clip,dcl,mochi,albef,dhel)
#   --device NAME      cpu or gpu (cpu)
#   --precision NAME   float32, bf16, fp16 or auto (float32)
#   --jobs N           runs at once (1); each takes about 2 GB of memory
#   --program FILE     another mmct than the checkout's
#   --table            prints the table of what is finished, and runs nothing
#
# The table is printed and written to OUT/table.md. Interrupted, or killed, the same command goes
# on: finished runs are passed over, unfinished ones go on from their newest checkpoint, to the
# same weights on a CPU. Objectives take turns seed by seed, so that an early table has them all.
#
# What is equal: data and the order of its samples, encoders, heads, augmentations, optimiser,
# schedule, batch, queue, momentum and number of steps: objectives/base.yaml. The first weights of a
# seed are equal too, but for the caption encoder of clip and dhel, which is drawn without momentum
# encoders before it. What differs is in the file of each objective: its default options, tuned for
# none. Exceptions: the hinge has the preset's weight, and MoCHi the defaults' shares of a shorter
# queue and run.
# Objectives of the batch (clip, dhel) see 63 negatives for a query, those of the queue 1,024, and
# albef both; the costs of a step differ accordingly, which an equal number of steps doesn't show.
#
# Needs a POSIX shell and what mmct needs.
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
self=$root/docs/benchmarks/objectives.sh
data='' out='' epochs=5 size=64 seeds=1,2,3 device=cpu precision=float32 jobs=1 program=$root/mmct table='' one=''
objectives=info-nce,margin,clip,dcl,mochi,albef,dhel

wrong() {
  echo "objectives: $1; see the beginning of $self" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --table) table=yes && shift && continue ;;
    --data | --out | --epochs | --size | --seeds | --objectives | --device | --precision | --jobs | --program | --one)
      [ $# -ge 2 ] || wrong "$1 needs a value" ;;
    *) wrong "$1 is no option" ;;
  esac
  case $1 in
    --data) data=$2 ;;
    --out) out=$2 ;;
    --epochs) epochs=$2 ;;
    --size) size=$2 ;;
    --seeds) seeds=$2 ;;
    --objectives) objectives=$2 ;;
    --device) device=$2 ;;
    --precision) precision=$2 ;;
    --jobs) jobs=$2 ;;
    --program) program=$2 ;;
    --one) one=$2 ;;
  esac
  shift 2
done
[ -n "$out" ] || wrong "--out is missing"
for name in $(echo "$objectives" | tr , ' '); do
  [ -f "$root/docs/benchmarks/objectives/$name.yaml" ] || wrong "$name is no objective of the comparison"
done

# Evaluates a run unless that is done: NAME, and what the evaluator is told.
judge() {
  evaluator=$1
  shift
  [ -f "$run/results/$evaluator.json" ] ||
    "$program" evaluate "$evaluator" --run "$run" --device "$device" "$@" \
      --out "$run/results/$evaluator.json" >>"$run.log" 2>&1
}

finished() {
  grep -q '"status" : "finished"' "$run/run.json" 2>/dev/null
}

# Trains and judges one run, or goes on with it: OBJECTIVE-SEED, where the objective may be untrained.
one() {
  name=$1
  objective=${name%-*}
  seed=${name##*-}
  run=$out/$name
  [ ! -f "$run/done" ] || return 0
  config=$objective steps=''
  if [ "$objective" = untrained ]; then
    config=clip
    steps='--set steps=0'
  fi
  # MoCHi's ten epochs of two hundred.
  mixing=''
  [ "$objective" != mochi ] ||
    mixing=$(awk -v e="$epochs" 'BEGIN { for (o = 1; o <= 2; o++) printf " --set objectives.%s.warmUpEpochs=%g", o == 1 ? "ic" : "ci", e / 20 }')
  if ls "$run"/checkpoints/*.safetensors >/dev/null 2>&1; then
    set -- --resume
  else
    rm -rf "$run"
    set -- --config "$root/docs/benchmarks/objectives/$config.yaml" --data "$data/flickr8k" \
      --set "seed=$seed" --set "epochs=$epochs" --set "modalities.image.size=$size" \
      --set "precision=$precision" $mixing $steps
  fi
  finished || "$program" train "$@" --device "$device" --out "$run" >>"$run.log" 2>&1
  finished    # and not only stopped
  judge retrieval --split test
  judge knn --data "$data/imagenette_s" --split val --set k=20
  : >"$run/done"
  rm -rf "$run/checkpoints"   # a quarter of a gigabyte, which nothing needs any more
  echo "finished $name"
}

# The figure of a result: RUN/results/NAME.json and the figure's name; the first of that name is it.
figure() {
  sed -n "s/.*\"$2\" : \([0-9.E-]*\).*/\1/p" "$1" | head -n 1
}

# Mean and standard deviation (n - 1) of the numbers on the input, and of how many they are.
spread() {
  awk -v all="$1" '{ x[++n] = $1; sum += $1 }
    END {
      if (n == 0) { print "–"; exit }
      mean = sum / n
      for (i = 1; i <= n; i++) squares += (x[i] - mean) ^ 2
      printf "%.2f", mean
      if (n > 1) printf " ± %.2f", sqrt(squares / (n - 1))
      if (n < all) printf " (%d of %d)", n, all
      print ""
    }'
}

row() {
  line="| $1 |"
  for figure in retrieval:image-to-caption.R@10 retrieval:caption-to-image.R@10 knn:k20.top1; do
    cell=$(for seed in $(echo "$seeds" | tr , ' '); do
      result=$out/$1-$seed/results/${figure%%:*}.json
      [ ! -f "$result" ] || figure "$result" "${figure#*:}"
    done | spread "$(echo "$seeds" | tr , '\n' | wc -l)")
    line="$line $cell |"
  done
  echo "$line"
}

table() {
  echo "| objective | R@10 image to caption | R@10 caption to image | kNN top-1, k = 20 |"
  echo "|---|---|---|---|"
  for name in $(echo "$objectives" | tr , ' ') untrained; do
    row "$name"
  done
  echo "| chance | 1.00 | 1.00 | 10.00 |"
}

if [ -n "$table" ]; then
  table
  exit
fi

[ -n "$data" ] || wrong "--data is missing"
for part in flickr8k imagenette_s; do
  [ -d "$data/$part" ] || wrong "$data has no folder $part"
done
mkdir -p "$out"
out=$(CDPATH= cd -- "$out" && pwd -P)
data=$(CDPATH= cd -- "$data" && pwd -P)
if [ -n "$one" ]; then
  one "$one"
  exit
fi

# Runs of another budget don't belong into one table.
budget="epochs $epochs, size $size, device $device, precision $precision"
[ -f "$out/budget" ] || echo "$budget" >"$out/budget"
[ "$(cat "$out/budget")" = "$budget" ] || wrong "$out holds runs of $(cat "$out/budget"), not of $budget"

"$program" --version >/dev/null
failed=0
for seed in $(echo "$seeds" | tr , ' '); do
  for name in untrained $(echo "$objectives" | tr , ' '); do
    echo "$name-$seed"
  done
done | xargs -n 1 -P "$jobs" sh "$self" --data "$data" --out "$out" --epochs "$epochs" --size "$size" \
  --device "$device" --precision "$precision" --program "$program" --one || failed=1
table | tee "$out/table.md"
if [ "$failed" = 1 ]; then
  echo "objectives: some runs failed or were stopped; their logs are $out/NAME-SEED.log" >&2
  exit 1
fi
