#!/usr/bin/env bash
# A pre-training step of urrl, of the bare DJL loop and of Debian's PyTorch, in turn on this machine.
#
#   benchmarks/peer-step.sh [--rounds N] [--width N] [--size N] [--batch N] [--steps N] [--warmup N] [--arch NAME] [--stem NAME] [--threads N]
#
# Prints a line a round and the medians with their ratios. Let nothing else run meanwhile.
set -euo pipefail
cd "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")"

rounds=3 threads=$(nproc) steps=20 warmup=10
declare -A shape=([arch]=resnet18 [stem]=cifar [width]=64 [size]=32 [batch]=64)
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      sed -n '2,6s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    --rounds) rounds=$2 ;;
    --threads) threads=$2 ;;
    --steps) steps=$2 ;;
    --warmup) warmup=$2 ;;
    --arch | --stem | --width | --size | --batch) shape[${1#--}]=$2 ;;
    *)
      echo "peer-step.sh: $1 is unknown; --help says what there is" >&2
      exit 2
      ;;
  esac
  [ $# -ge 2 ] || { echo "peer-step.sh: $1 needs a value" >&2; exit 2; }
  shift 2
done

python=/usr/bin/python3
if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "peer-step.sh: installing Debian's python3-torch" >&2
  apt-get update -qq && apt-get install -y -qq python3-torch >&2
fi

common=(--steps "$steps" --warmup "$warmup" --threads "$threads")
for key in "${!shape[@]}"; do common+=("--$key" "${shape[$key]}"); done
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
for round in $(seq "$rounds"); do
  echo "round $round of $rounds" >&2
  launch/urrl bench step --rounds 1 "${common[@]}" | tail -1 >>"$lines"
  "$python" benchmarks/peer_moco_step.py "${common[@]}" >>"$lines"
done
"$python" - "$lines" <<'PYTHON'
import json
import statistics
import sys

rows = [json.loads(line) for line in open(sys.argv[1])]
ours = [row for row in rows if "bare_median_s" in row]
peers = [row for row in rows if "torch" in row]
print(f"{'round':8}{'urrl':>12}{'bare DJL':>12}{'PyTorch':>12}{'urrl/bare':>12}{'PyTorch/urrl':>14}")
series = list(zip([row["median_s"] for row in ours], [row["bare_median_s"] for row in ours], [row["median_s"] for row in peers]))
def show(name, whole, bare, torch, over, speed):
    print(f"{name:8}{whole:10.4f} s{bare:10.4f} s{torch:10.4f} s{over:12.3f}{speed:14.3f}")
for number, (whole, bare, torch) in enumerate(series, 1):
    show(str(number), whole, bare, torch, whole / bare, torch / whole)
middle = [statistics.median(column) for column in zip(*series)]
show("median", *middle, statistics.median(w / b for w, b, _ in series), statistics.median(t / w for w, _, t in series))
print(f"PyTorch {peers[0]['torch']}, {peers[0]['threads']} threads; PyTorch/urrl above 1: urrl is faster")
PYTHON
