#!/usr/bin/env bash
# Pairs of views a second beside the peers: urrl, PIL with torchvision, and OpenCV, in turns on the same pictures.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
images=
size=224
seconds=10
rounds=3
transforms="trep trob urrl"
predecoded=--predecoded
limit=256
seed=1
python=${PYTHON:-/usr/bin/python3}

usage() {
  cat <<USAGE
Usage: peer-views.sh --images DIR [--size 224] [--seconds 10] [--rounds 3] [--transforms "trep trob urrl"]
                     [--decode] [--limit 256] [--seed 1]

Prints pairs a second (medians of the rounds) and urrl's ratio to each peer. Every program runs in one thread.
--decode lets each program decode the pictures while the clock runs; without it they are decoded before.

Examples:
  benchmarks/peer-views.sh --images photos
  benchmarks/peer-views.sh --images cifar10/test --size 32 --seconds 5 --rounds 5 --transforms urrl
USAGE
}
while [ $# -gt 0 ]; do
  case $1 in
    --decode) predecoded=; shift; continue ;;
    --help | -h) usage; exit 0 ;;
  esac
  if [ $# -lt 2 ]; then echo "peer-views.sh: $1 needs a value (--help)" >&2; exit 2; fi
  case $1 in
    --images) images=$2 ;;
    --size) size=$2 ;;
    --seconds) seconds=$2 ;;
    --rounds) rounds=$2 ;;
    --transforms) transforms=$2 ;;
    --limit) limit=$2 ;;
    --seed) seed=$2 ;;
    *) echo "peer-views.sh: unknown option $1 (--help)" >&2; exit 2 ;;
  esac
  shift 2
done
if [ -z "$images" ]; then echo "peer-views.sh: --images DIR is needed (--help)" >&2; exit 2; fi

for package in torchvision:python3-torchvision cv2:python3-opencv; do
  if ! "$python" -c "import ${package%%:*}" 2>/dev/null; then
    echo "peer-views.sh: installing ${package##*:}" >&2
    apt-get install -y -qq "${package##*:}" >/dev/null
  fi
done

flags() { # those that all three programs know
  echo --images "$images" --size "$size" --seconds "$seconds" --transform "$1" --limit "$limit" --seed "$seed" $predecoded
}
rate() { sed -n 's/.*"pairs_per_second": \([0-9.]*\).*/\1/p'; }
median() { sort -n | awk '{v[NR] = $1} END {print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2}'; }

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
for round in $(seq "$rounds"); do
  for transform in $transforms; do
    echo "round $round of $rounds, $transform" >&2
    # shellcheck disable=SC2046 # flags are words
    "$here/../launch/urrl" bench views $(flags "$transform") | rate >>"$results/urrl.$transform"
    # shellcheck disable=SC2046
    "$python" "$here/peer_views.py" $(flags "$transform") | rate >>"$results/pil.$transform"
    # shellcheck disable=SC2046
    "$python" "$here/peer_views_opencv.py" $(flags "$transform") | rate >>"$results/opencv.$transform"
  done
done

echo "size $size, ${predecoded:+pictures decoded beforehand, }$rounds rounds of $seconds s, one thread each"
printf '%-10s %12s %12s %12s %10s %10s\n' transform urrl PIL OpenCV "x PIL" "x OpenCV"
for transform in $transforms; do
  ours=$(median <"$results/urrl.$transform")
  pil=$(median <"$results/pil.$transform")
  opencv=$(median <"$results/opencv.$transform")
  awk -v t="$transform" -v a="$ours" -v b="$pil" -v c="$opencv" \
    'BEGIN {printf "%-10s %12.1f %12.1f %12.1f %10.2f %10.2f\n", t, a, b, c, a / b, a / c}'
done
