#!/bin/sh
# Packs what a machine with a CUDA PyTorch and no JDK needs to check and time its GPU: a Java runtime,
# Anneal and its libraries (but no native ones and no tokenizers), and a script that runs them.
#
#   bench/pack-gpu.sh [FOLDER]          default: target/gpu
#
# There:  sh FOLDER/run.sh [OPTION …]    options of `anneal bench device`, such as --precision float32
#
# ANNEAL_LIBTORCH names the lib folder of the PyTorch there; else python3 is asked for its own.

set -eu
program=pack-gpu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1:-$root/target/gpu}
. "$root/bin/jdk.sh"

find_jdk
"$root/anneal" --version > /dev/null # builds it if need be
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$JAVA_HOME/bin/jlink" --output "$work/java" --strip-debug --no-header-files --no-man-pages \
  --add-modules \
  java.logging,java.management,java.naming,java.sql,java.xml,jdk.management,jdk.unsupported
mkdir "$work/lib"
cp "$root/target/anneal.jar" "$work"
for jar in "$root"/target/lib/*.jar; do
  case ${jar##*/} in
    pytorch-* | openblas-* | tokenizers-*) ;;
    *) cp "$jar" "$work/lib" ;;
  esac
done
mkdir -p "$folder"
tar -C "$work" -cJf "$folder/anneal.tar.xz" java lib anneal.jar

cat > "$folder/run.sh" << 'END'
#!/bin/sh
# Checks and times the GPU of this machine, on a network of 162 M parameters.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
there=${TMPDIR:-/tmp}/anneal-gpu
if [ -z "${ANNEAL_LIBTORCH-}" ]; then
  ANNEAL_LIBTORCH=$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__) + "/lib")')
fi
export ANNEAL_LIBTORCH
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY-passive}"
export TORCH_CUDNN_SDPA_DEPRIORITIZED="${TORCH_CUDNN_SDPA_DEPRIORITIZED-1}"
mkdir -p "$there"
tar -C "$there" -xf "$here/anneal.tar.xz"
exec "$there/java/bin/java" -Xmx8g -jar "$there/anneal.jar" bench device --device cuda \
  --layers 12 --heads 12 --channels 768 --tokens 50257 --length 1024 --batch 32 "$@"
END
chmod +x "$folder/run.sh"
du -h "$folder/anneal.tar.xz"
