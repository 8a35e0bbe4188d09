#!/usr/bin/env bash
# The soak test as it is run before a release: 300 short runs in all configurations, then two hours of long ones, with
# every core kept busy by another process. Ends with the table, and with 1 when a run deviated or failed.
#
#   benchmarks/soak.sh [--quick] [--out DIR] [OPTION OF urrl soak...]
#
#   --quick   33 short runs and six minutes of long ones: three of each configuration, and a look at the long ones
#
# Examples:
#   benchmarks/soak.sh
#   benchmarks/soak.sh --quick --configurations small-young,system-allocator
#   benchmarks/soak.sh --out runs/soak        goes on where an earlier call was stopped
#
# Other work may run on the machine meanwhile: it is load, too. `launch/urrl soak --help` explains the options.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")

out= size=(--runs 300 --long 2) rest=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      sed -n '2,14s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    --quick) size=(--runs 33 --long 0.1) ;;
    --out)
      [ $# -ge 2 ] || { echo "soak.sh: --out needs a value" >&2; exit 2; }
      out=$2
      shift
      ;;
    --out=*) out=${1#--out=} ;;
    *) rest+=("$1") ;;
  esac
  shift
done
out=${out:-$root/runs/soak-$(date +%Y%m%d-%H%M%S)}

free=$(df --output=avail -BM /dev/shm 2>/dev/null | tail -1 | tr -dc 0-9 || true)
if [ -n "$free" ] && [ "$free" -lt 512 ]; then
  echo "soak.sh: /dev/shm has $free MB left and needs 512: remove what was left there, or give the container more" >&2
  exit 1
fi
mkdir -p "$out"
echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(uname -sr)"
echo "results in $out; Ctrl-C prints the table so far, and this goes on: benchmarks/soak.sh --out $out"
exec "$root/launch/urrl" soak "${size[@]}" --out "$out" ${rest[@]+"${rest[@]}"}
