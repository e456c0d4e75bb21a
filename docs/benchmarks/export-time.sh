#!/bin/sh
# How long the export of a ResNet-50 and a BERT-base of 30,522 tokens takes, start of the program,
# comparison with ONNX Runtime and writing included: 5 times; fails beyond 30 seconds.
#
#   docs/benchmarks/export-time.sh
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_WAIT_POLICY=PASSIVE

{
  printf '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n'
  seq -f 'word%.0f' 1 30517
} >"$work/vocab.txt"
"$root/mmct" train --set steps=0 --set export=none --set evaluate.run=null --device cpu \
  --set modalities.image.encoder=resnet50 --set modalities.image.size=224 \
  --set modalities.caption.encoder=bert-base --set "modalities.caption.vocabulary=$work/vocab.txt" \
  --out "$work/run" >/dev/null
for i in 1 2 3 4 5; do
  rm -rf "$work/out"
  begin=$(date +%s.%N)
  "$root/mmct" export --run "$work/run" --out "$work/out" >"$work/told"
  end=$(date +%s.%N)
  [ -e "$work/out/image.onnx" ] && [ -e "$work/out/caption.onnx" ]
  echo "$begin $end" | awk -v i="$i" '{ printf "export %d: %.1f s\n", i, $2 - $1; exit $2 - $1 > 30 }'
done
ls -l "$work/out" | awk 'NR > 1 { print $9, $5, "bytes" }'
