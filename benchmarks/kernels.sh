#!/usr/bin/env bash
# Microseconds of every augmentation kernel on one picture, vectors beside plain loops (JMH).
#
#   benchmarks/kernels.sh [PATTERN...] [JMH OPTION...]
#
# Examples:
#   benchmarks/kernels.sh
#   benchmarks/kernels.sh hue -p size=224
#   benchmarks/kernels.sh Geometry -wi 2 -i 3 -rf json -rff kernels.json
#
# Let nothing else run meanwhile. `benchmarks/kernels.sh -h` shows JMH's own help.
set -euo pipefail
[ $# -gt 0 ] || set -- io.urrl.benchmarks.kernel
URRL_MAIN=org.openjdk.jmh.Main exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../launch/urrl" "$@"
