#!/usr/bin/env bash
# All that must be seen of urrl on a CUDA device, in at most 8 minutes, with a table at the end.
#
#   benchmarks/cuda-check.sh --prepare FOLDER [--djl CHECKOUT]   on a machine with JDK and Maven
#   cuda-check.sh [--dry | --cpu] [--out DIR] [FOLDER | FOLDER.tar.xz]   on the machine with the device
#
# FOLDER holds a Java runtime, the program without libtorch, and goldens; FOLDER.tar.xz is the same
# to carry. libtorch is the machine's own: that of PYTORCH_LIBRARY_PATH, else of python3's torch.
# --djl adds the source of DJL's glue (a git checkout of github.com/deepjavalibrary/djl), so that it
# can be built for a libtorch of another version than DJL's own; needs a C++ compiler there.
# --dry says what each part would do; that is all that happens where there is no CUDA device.
# --cpu rehearses every part on the CPU, with small shapes and five times the time.
# --out keeps what every part printed (default: a new folder in /tmp).
#
# Ends with 0 when no part failed, 1 when one did, 2 for wrong usage.
set -euo pipefail

self=$(readlink -f "${BASH_SOURCE[0]}")
here=$(dirname "$self")
say() { echo "cuda-check.sh: $*" >&2; }
usage() { say "$*; --help says what there is"; exit 2; }

mode=device folder='' out=''
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) sed -n '2,17s/^# \{0,1\}//p' "$self"; exit 0 ;;
    --prepare)
      [ $# -ge 2 ] || usage "--prepare needs a folder"
      [ $# -eq 2 ] || { [ $# -eq 4 ] && [ "$3" = --djl ]; } || usage "--prepare takes FOLDER and --djl CHECKOUT"
      [ -x "$here/cuda-prepare.sh" ] || usage "--prepare works in the repository only"
      exec "$here/cuda-prepare.sh" "$2" "${4:-}"
      ;;
    --dry | --cpu) mode=${1#--} ;;
    --out) [ $# -ge 2 ] || usage "--out needs a folder"; out=$2; shift ;;
    -*) usage "$1 is unknown" ;;
    *) [ -z "$folder" ] || usage "one folder is enough"; folder=$1 ;;
  esac
  shift
done

# --- what is here -------------------------------------------------------------------------------
gpu=$(nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader -i 0 2>/dev/null) || gpu=
[ "$mode" != device ] || [ -n "$gpu" ] || mode=dry

declare -A result seconds
parts=(binding goldens digests steps device)
titles=([0]="1 Java binding" [1]="2 goldens" [2]="3 repeated bits" [3]="4 step time" [4]="5 device's share, memory")
limits=(165 60 80 150 0)
tell=(
  "loads DJL's glue with this machine's libtorch; names each symbol that is missing; builds the glue for this libtorch where its source and g++ are there. Needs libtorch."
  "resnet_forward, infonce, linear_probe and moco_trace on the device against PyTorch's float64 goldens, within 4 of the CPU's tolerances. Needs part 1."
  "two processes, deterministic algorithms: one SHA-256 over losses, keys, statistics and gradients each. Needs part 1."
  "ResNet-18 (32×32, batch 64) and ResNet-50 (224×224, batch 64), TF32 off and on: the bare loop and the whole system, and the same maths in python3's PyTorch beside them. urrl needs part 1, PyTorch python3 with torch."
  "nvidia-smi every 0.1 s during part 4. Needs nvidia-smi."
)
table() {
  printf '\n%-26s %s\n' part "${1:-}"
  for i in "${!parts[@]}"; do
    printf '%-26s %s\n' "${titles[i]}" "${result[${parts[i]}]:-not run}${seconds[${parts[i]}]:+ (${seconds[${parts[i]}]} s)}"
  done
}
if [ "$mode" = dry ]; then
  reason="no CUDA device"
  [ -z "$gpu" ] || reason="--dry"
  for i in "${!parts[@]}"; do
    echo "part ${titles[i]}, at most ${limits[i]} s: ${tell[i]}"
    result[${parts[i]}]="not run: $reason"
  done
  table "on this machine"
  exit 0
fi

out=${out:-$(mktemp -d /tmp/urrl-cuda.XXXXXX)}
mkdir -p "$out"
out=$(readlink -f "$out")
if [ -z "$folder" ] && [ -d "$here/jre" ]; then folder=$here; fi
case "$folder" in
  *.tar.xz)
    say "unpacking $folder"
    mkdir -p "$out/folder"
    if command -v xz >/dev/null; then tar -xJf "$folder" -C "$out/folder"; else
      python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$folder" "$out/folder"
    fi
    folder=$(dirname "$(ls -d "$out"/folder/*/jre)")
    ;;
esac
if [ ! -x "${folder:-none}/jre/bin/java" ]; then
  usage "${folder:-no folder given, and this one} holds no jre/bin/java; prepare one with --prepare FOLDER on a machine with a JDK"
fi
folder=$(readlink -f "$folder")

python=$(command -v python3 || true)
peer='' torch=''
if [ -n "$python" ]; then
  peer=$("$python" -c 'import torch; print(torch.__version__, torch.version.cuda, torch.cuda.is_available())' 2>/dev/null) || peer=
  torch=$("$python" -c 'import torch; print(torch.__path__[0])' 2>/dev/null) || torch=
fi
library=${PYTORCH_LIBRARY_PATH:-${torch:+$torch/lib}}
version=${PYTORCH_VERSION:-}
if [ -z "$version" ] && [ -r "$library/../build-version" ]; then version=$(<"$library/../build-version"); fi
version=${version:-${peer%% *}}
version=${version%%[+ ]*}
flavour=cpu slack=5
if [ "$mode" = device ]; then slack=1 flavour=$(basename "$(ls -d "$folder"/glue/cu*)"); fi
echo "device   ${gpu:-none}"
echo "libtorch ${version:-unknown} in ${library:-none}"
echo "PyTorch  ${peer:-none}"
echo "output   $out"

# --- running -------------------------------------------------------------------------------------
# limited SECONDS NAME COMMAND...: output to $out/NAME.txt and .err; its exit code.
limited() {
  local limit=$1 name=$2
  shift 2
  if [ "$limit" -lt 1 ]; then echo "no time is left" >"$out/$name.err"; return 124; fi
  timeout -k 5 "$limit" "$@" >"$out/$name.txt" 2>"$out/$name.err"
}
# why NAME CODE: one line on what went wrong.
why() {
  local line
  line=$(grep -m1 -E 'undefined symbol|no time is left' "$out/$1.err") ||
    line=$(grep '^Caused by' "$out/$1.err" | tail -1 | grep .) ||
    line=$(grep -m1 -E 'Error|Exception|error:' "$out/$1.err" "$out/$1.txt" -h) ||
    line=$(grep -m1 -v -E '^$|WARNING' "$out/$1.err") || line=
  if [ "$2" = 124 ] || [ "$2" = 137 ]; then line="time limit; $line"; fi
  echo "${line:-exit code $2}" | { c++filt 2>/dev/null || cat; } | cut -c1-300
}
field() { sed -n "s/.*\"$2\": \{0,1\}\"\{0,1\}\([^\",}]*\).*/\1/p" "$out/$1.txt" | tail -1; }
begin() { part_began=$SECONDS part_limit=$(($1 * slack)); }
left() { echo $((part_limit - SECONDS + part_began)); }
least() { if [ "$1" -lt "$2" ]; then echo "$1"; else echo "$2"; fi; }
jvm=(env "PYTORCH_LIBRARY_PATH=$out/libtorch" "PYTORCH_VERSION=$version" "PYTORCH_FLAVOR=$flavour"
  "DJL_CACHE_DIR=$out/djl-cache" CUBLAS_WORKSPACE_CONFIG=:4096:8 OMP_WAIT_POLICY=passive
  "$folder/jre/bin/java" "@$folder/java.flags" -Xmx4g -XX:MaxDirectMemorySize=16g -cp "$folder/lib/*")

# --- 1 binding -----------------------------------------------------------------------------------
# DJL loads every library of its folder: this one has those of libtorch and one glue. The JVM follows
# the links, so that a library's own search path still holds.
lay_out() { # glue
  rm -rf "$out/libtorch"
  mkdir -p "$out/libtorch"
  local file
  for file in "$library"/lib{c10,c10_cuda,torch,torch_cpu,torch_cuda,torch_cuda_linalg}.so "$library"/lib{gomp,cudart}*.so*; do
    [ ! -e "$file" ] || ln -s "$file" "$out/libtorch/"
  done
  cp "$1" "$out/libtorch/libdjl_torch.so"
}
missing() { # glue: the names that no library of libtorch exports, readable
  command -v nm >/dev/null || { echo "(nm is needed for the list: install binutils)"; return; }
  local libraries=("$library"/lib{c10,c10_cuda,torch,torch_cpu,torch_cuda}.so) here=() file
  for file in "${libraries[@]}"; do [ ! -e "$file" ] || here+=("$file"); done
  comm -23 \
    <(nm -D --undefined-only "$1" | awk '$1 == "U" { print $2 }' | grep -E '^_Z|^cuda|^JNI' | grep -v '@' | sort -u) \
    <(nm -D --defined-only "${here[@]}" | awk 'NF == 3 { sub(/@.*/, "", $3); print $3 }' | sort -u) |
    grep -v '^cuda' | c++filt || true
}
build_glue() { # in a shell of its own
  local include=$torch/include
  [ -d "$include/torch" ] || include=$library/../include
  mkdir -p "$out/glue"
  # shellcheck disable=SC2016 # the inner shell expands
  find "$folder/djl/native" -name '*.cc' -print0 |
    xargs -0 -P "$(nproc)" -I{} bash -c '"$@" -c "$0" -o "'"$out"'/glue/$(basename "$0").o"' {} \
      "${CXX:-g++}" -std=c++20 -O1 -fPIC -w -I "$folder/djl/include" -I "$include" -I "$include/torch/csrc/api/include" &&
    "${CXX:-g++}" -shared -o "$out/glue/libdjl_torch.so" "$out"/glue/*.o -L "$library" -lc10 -ltorch_cpu -ltorch
}
bind() { # name: whether the binding works, bound at once or, if need be, name by name
  local code=0
  limited "$(least $((40 * slack)) "$(left)")" "$1" env LD_BIND_NOW=1 "${jvm[@]}" io.urrl.benchmarks.device.BindingCheck && return
  say "bound at once: $(why "$1" $?)"
  limited "$(least $((40 * slack)) "$(left)")" "$1" "${jvm[@]}" io.urrl.benchmarks.device.BindingCheck || code=$?
  [ "$code" = 0 ] || { say "bound name by name: $(why "$1" $code)"; return $code; }
}
bound=no
part_binding() {
  if [ ! -e "$library/libtorch_cpu.so" ]; then
    result[binding]="failed: no libtorch_cpu.so in ${library:-PYTORCH_LIBRARY_PATH}, and python3 has no torch"
    return
  fi
  local own=$folder/glue/$flavour/libdjl_torch.so made note code=0
  made=$(<"$folder/glue/version")
  missing "$own" >"$out/missing.txt"
  note="glue for $made: $(wc -l <"$out/missing.txt") symbols missing"
  if [ -s "$out/missing.txt" ]; then
    echo "missing in libtorch $version for DJL's glue for $made:"
    sed 's/^/  /' "$out/missing.txt"
  fi
  # Classes of another version may have another layout even where every name is there.
  if [ "$version" != "$made" ] && [ -d "$folder/djl/native" ] && command -v "${CXX:-g++}" >/dev/null; then
    say "building DJL's glue for libtorch $version"
    export torch library folder out
    if limited "$(least $((120 * slack)) "$(left)")" glue bash -euo pipefail -c "$(declare -f build_glue); build_glue"; then
      own=$out/glue/libdjl_torch.so
      note+="; built for $version in $((SECONDS - part_began)) s"
    else
      note+="; cannot be built for $version: $(why glue 1)"
    fi
  fi
  lay_out "$own"
  bind binding || code=$?
  if [ "$code" != 0 ]; then
    result[binding]="failed: $note; $(why binding $code)"
  elif [ "$mode" = device ] && [ "$(field binding devices)" = 0 ]; then
    result[binding]="failed: $note; loads, but sees no CUDA device"
  else
    bound=yes
    result[binding]="passed: $note; loads on $(field binding device), convolution and gradient right"
  fi
}

# --- 2 goldens -----------------------------------------------------------------------------------
part_goldens() {
  local code=0
  limited "$(left)" goldens "${jvm[@]}" io.urrl.verify.learning.GoldenCheck --cases "$folder/learning" --out "$out/got" || code=$?
  local text
  text=$(sed -n 's/.*"case":"\([^"]*\)".*"tolerances":\([0-9.]*[0-9]\)\(E[-0-9]*\)\{0,1\}[^,]*,.*"allowed":\([0-9.]*\).*/\1 \2\3/p' "$out/goldens.txt" |
    awk '{ printf "%s%s %.2f", (NR > 1 ? ", " : ""), $1, $2 }')
  if [ "$code" = 0 ]; then
    result[goldens]="passed: $text of the CPU's tolerance"
  else
    result[goldens]="failed: ${text:-nothing compared}; $(why goldens $code)"
  fi
}

# --- 3 digests -----------------------------------------------------------------------------------
shapes=(
  "resnet18 --arch=resnet18 --stem=cifar --size=32 --batch=64"
  "resnet50 --arch=resnet50 --stem=imagenet --size=224 --batch=64"
)
if [ "$mode" = cpu ]; then
  shapes=(
    "resnet18 --arch=resnet18 --stem=cifar --size=32 --batch=8 --width=4 --queue=64"
    "resnet50 --arch=resnet50 --stem=imagenet --size=32 --batch=8 --width=4 --queue=64"
  )
fi
part_digests() {
  local shape arch flags run code texts='' failed=
  for shape in "${shapes[@]}"; do
    read -r arch flags <<<"$shape"
    for run in 1 2; do
      code=0
      # shellcheck disable=SC2086 # several flags
      limited "$(left)" "digest-$arch-$run" "${jvm[@]}" io.urrl.benchmarks.device.StepDigest $flags --steps=4 || code=$?
      if [ "$code" != 0 ]; then
        failed=yes
        texts+="${texts:+; }$arch: $(why "digest-$arch-$run" $code)"
        continue 2
      fi
    done
    if [ "$(field "digest-$arch-1" sha256)" = "$(field "digest-$arch-2" sha256)" ]; then
      texts+="${texts:+; }$arch equal ($(field "digest-$arch-1" sha256 | cut -c1-12))"
    else
      failed=yes
      texts+="${texts:+; }$arch differs"
    fi
  done
  result[digests]="${failed:+failed}${failed:-passed}: $texts"
  result[digests]=${result[digests]/failedyes/failed}
}

# --- 4 and 5: steps ------------------------------------------------------------------------------
share() { # name: mean utilisation and most memory while its steps ran
  local begun ended
  begun=$(field "$1" begun_ms) ended=$(field "$1" ended_ms)
  if [ ! -s "$out/samples.csv" ] || [ -z "$begun" ]; then echo "- -"; return; fi
  while IFS=, read -r stamp busy memory; do
    echo "$(date -d "${stamp//\//-}" +%s%3N 2>/dev/null || echo 0) $busy $memory"
  done <"$out/samples.csv" |
    awk -v from="$begun" -v to="$ended" '$1 >= from && $1 <= to { n++; sum += $2; if ($3 > most) most = $3 }
      END { if (n) printf "%.0f%% %d\n", sum / n, most; else print "- -" }'
}
measure() { # name, then a command
  local name=$1 code=0
  shift
  limited "$(least $((45 * slack)) "$(left)")" "$name" "$@" || code=$?
  [ "$code" = 0 ] || say "$name: $(why "$name" $code)"
}
part_steps() {
  local shape arch flags tf32 switch count sampler='' rows=0
  if [ "$mode" = device ]; then
    nvidia-smi -i 0 --query-gpu=timestamp,utilization.gpu,memory.used --format=csv,noheader,nounits --loop-ms=100 >"$out/samples.csv" 2>/dev/null &
    sampler=$!
  fi
  for tf32 in off on; do
    for shape in "${shapes[@]}"; do
      read -r arch flags <<<"$shape"
      count=(--steps=200 --warmup=20)
      [ "$arch" = resnet18 ] || count=(--steps=40 --warmup=8)
      [ "$mode" = device ] || count=(--steps=2 --warmup=1)
      switch=()
      [ "$tf32" = off ] || switch=(--tf32)
      # shellcheck disable=SC2206 # several flags
      local step=($flags --threads=0 "${count[@]}" "${switch[@]}")
      if [ "$bound" = yes ]; then measure "urrl-$arch-$tf32" "${jvm[@]}" io.urrl.benchmarks.BareStep "${step[@]}"; fi
      if [ -n "$peer" ]; then
        local where=cuda
        [ "$mode" = device ] || where=cpu
        measure "torch-$arch-$tf32" "$python" "$folder/peer_moco_step.py" --device "$where" "${step[@]}"
      fi
      if [ "$bound" = yes ] && [ "$arch-$tf32" = resnet18-off ]; then
        read -r _ flags <<<"$shape"
        # shellcheck disable=SC2086 # several flags
        measure whole "${jvm[@]}" io.urrl.launch.command.Main bench step --rounds=1 $flags "${count[@]}"
      fi
    done
  done
  [ -z "$sampler" ] || { kill "$sampler" 2>/dev/null && wait "$sampler" 2>/dev/null; } || true
  local ours theirs busy memory peer_memory
  {
    printf '%-10s %-5s %12s %12s %13s %10s %12s %12s\n' network TF32 'urrl, s' 'PyTorch, s' PyTorch/urrl 'GPU busy' 'urrl, MiB' 'PyTorch, MiB'
    for tf32 in off on; do
      for shape in "${shapes[@]}"; do
        read -r arch flags <<<"$shape"
        ours=- theirs=-
        [ ! -s "$out/urrl-$arch-$tf32.txt" ] || ours=$(field "urrl-$arch-$tf32" median_s)
        [ ! -s "$out/torch-$arch-$tf32.txt" ] || theirs=$(field "torch-$arch-$tf32" median_s)
        [ "$ours$theirs" = -- ] || rows=$((rows + 1))
        read -r busy memory <<<"$(share "urrl-$arch-$tf32" 2>/dev/null || echo - -)"
        read -r _ peer_memory <<<"$(share "torch-$arch-$tf32" 2>/dev/null || echo - -)"
        printf '%-10s %-5s %12s %12s %13s %10s %12s %12s\n' "$arch" "$tf32" "$ours" "$theirs" \
          "$(awk -v a="$ours" -v b="$theirs" 'BEGIN { if (a > 0 && b > 0) printf "%.3f", b / a; else print "-" }')" "$busy" "$memory" "$peer_memory"
      done
    done
    [ ! -s "$out/whole.txt" ] || echo "resnet18 through the whole system: $(field whole median_s) s a step, bare loop beside it $(field whole bare_median_s) s"
  } >"$out/steps.txt"
  local got
  got=$(awk 'NR > 1 && $4 ~ /[0-9]/ { peers++ } NR > 1 && $3 ~ /[0-9]/ && NF == 8 { ours++ } END { printf "%d of 4 of urrl, %d of 4 of PyTorch", ours, peers }' "$out/steps.txt")
  result[steps]="$([ "$rows" = 4 ] && [ "$bound" = yes ] && echo passed || echo failed): $got measured, see below"
  result[device]="$([ -s "$out/samples.csv" ] && echo "$(wc -l <"$out/samples.csv") samples, see below" || echo "not run: no samples of nvidia-smi")"
}

for i in 0 1 2 3; do
  name=${parts[i]}
  echo "part ${titles[i]}"
  begin "${limits[i]}"
  if [ "$bound" = no ] && { [ "$name" = goldens ] || [ "$name" = digests ]; }; then
    result[$name]="not run: the Java binding does not work"
    continue
  fi
  "part_$name"
  seconds[$name]=$((SECONDS - part_began))
done
table "$([ "$mode" = cpu ] && echo "rehearsed on the CPU" || echo "on $gpu")"
echo
cat "$out/steps.txt"
echo
echo "$SECONDS s in all; everything in $out"
for name in "${parts[@]}"; do
  case "${result[$name]:-}" in failed*) exit 1 ;; esac
done
