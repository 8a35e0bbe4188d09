#!/usr/bin/env bash
# Fills a folder for cuda-check.sh: a Java runtime, the program, goldens; see `cuda-check.sh --help`.
set -euo pipefail

say() { echo "cuda-check.sh: $*" >&2; }
fail() { say "$*"; exit 1; }

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
folder=$1 djl=${2:-}
jdk=${URRL_JAVA_HOME:-}
if [ -z "$jdk" ]; then
  for place in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*; do
    if grep -qs '^JAVA_VERSION="\(2[5-9]\|[3-9][0-9]\)' "$place/release" && [ -x "$place/bin/jlink" ]; then
      jdk=$place
      break
    fi
  done
fi
[ -x "$jdk/bin/jlink" ] || fail "a JDK 25 or newer with bin/jlink is needed; set URRL_JAVA_HOME to its directory"
for tool in unzip tar xz; do
  command -v "$tool" >/dev/null || fail "$tool is needed (Debian: apt install unzip xz-utils)"
done
if [ -e "$folder" ]; then
  [ -d "$folder/jre" ] || [ -z "$(ls -A "$folder")" ] || fail "$folder holds something else; name a new folder"
  rm -rf "$folder"
fi
mkdir -p "$folder/lib"
folder=$(readlink -f "$folder")

URRL_MAIN=io.urrl.benchmarks.BareStep "$root/launch/urrl" --help >/dev/null # builds what is not built
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
say "the Java runtime"
"$jdk/bin/jlink" --output "$folder/jre" --strip-debug --no-header-files --no-man-pages --compress=zip-0 \
  --add-modules java.desktop,java.logging,java.management,java.naming,java.sql,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.unsupported \
  >"$scratch/jlink" 2>&1 || { cat "$scratch/jlink" >&2; exit 1; }

# Jars and modules go in uncompressed: one xz over all of them is smaller by half.
say "the program"
store() { # unpacked folder, name
  local manifest=$1/META-INF/MANIFEST.MF
  if [ -f "$manifest" ]; then
    "$jdk/bin/jar" --create --no-compress --file "$folder/lib/$2" --manifest "$manifest" -C "$1" .
  else
    "$jdk/bin/jar" --create --no-compress --file "$folder/lib/$2" -C "$1" .
  fi
}
for module in actors augment-workers gpu-workers parameter-server launch verify benchmarks; do
  store "$root/$module/target/classes" "urrl-$module.jar"
done
IFS=: read -r -a jars <<<"$(<"$root/benchmarks/target/classpath.txt")"
for jar in "${jars[@]}"; do
  name=$(basename "$jar")
  case "$name" in
    pytorch-native-*) continue ;; # libtorch is the machine's own
    leptonica-*) continue ;; # no picture is decoded
    *jmh*) continue ;;
  esac
  rm -rf "$scratch/jar"
  mkdir "$scratch/jar"
  unzip -oq "$jar" -d "$scratch/jar"
  find "$scratch/jar" \( -name '*.dll' -o -name '*.dylib' -o -name '*.jnilib' -o -name '*.a' \) -delete
  find "$scratch/jar/com/sun/jna" "$scratch/jar/jni" -mindepth 1 -maxdepth 1 -type d \
    -name '*-*' ! -iname 'linux-x86-64' ! -iname 'x86_64-linux' -exec rm -r {} + 2>/dev/null || true
  if [ -d "$scratch/jar/jnilib" ]; then # DJL's glue goes beside libtorch
    for flavour in "$scratch/jar"/jnilib/linux-x86_64/*; do
      mkdir -p "$folder/glue/$(basename "$flavour")"
      cp "$flavour/libdjl_torch.so" "$folder/glue/$(basename "$flavour")/"
    done
    sed -n 's/^jni_version=\([0-9.]*\)-.*/\1/p' "$scratch/jar/jnilib/pytorch.properties" >"$folder/glue/version"
    continue
  fi
  store "$scratch/jar" "$name"
done
cp "$root/launch/jvm.flags" "$folder/java.flags"
cp -r "$root/gpu-workers/src/test/resources/learning" "$folder/learning"
cp "$root"/benchmarks/{cuda-check.sh,peer_moco_step.py,nets.py} "$folder/"

if [ -n "$djl" ]; then
  say "the source of DJL's glue"
  version=$(basename "$(printf '%s\n' "${jars[@]}" | grep '/pytorch-engine-')" .jar)
  version=${version#pytorch-engine-}
  parts=(engines/pytorch/pytorch-native/src/main/native api/src/main/native
    engines/pytorch/pytorch-engine/src/main/java/ai/djl/pytorch/jni/PyTorchLibrary.java)
  mkdir "$scratch/djl"
  git -C "$djl" archive "v$version" "${parts[@]}" 2>/dev/null | tar x -C "$scratch/djl" ||
    fail "$djl is no checkout of github.com/deepjavalibrary/djl with the tag v$version"
  mkdir -p "$folder/djl/include"
  cp -r "$scratch/djl/${parts[0]}" "$folder/djl/native"
  cp -r "$scratch/djl/${parts[1]}/djl" "$folder/djl/include/"
  cp "$jdk/include/jni.h" "$jdk/include/linux/jni_md.h" "$folder/djl/include/"
  "$jdk/bin/javac" -proc:none -d "$scratch/classes" -h "$folder/djl/include" \
    -cp "$(IFS=:; echo "${jars[*]}")" "$scratch/djl/${parts[2]}"
fi

say "packing"
tar -C "$(dirname "$folder")" -c "$(basename "$folder")" | xz -T0 -6 >"$folder.tar.xz"
echo "$folder: $(du -sm "$folder" | cut -f1) MiB"
echo "$folder.tar.xz: $(du -sm "$folder.tar.xz" | cut -f1) MiB; carry it with cuda-check.sh and run: ./cuda-check.sh $(basename "$folder").tar.xz"
