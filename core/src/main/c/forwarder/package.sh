#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts the forwarding core into the jar: package.sh META-INF-DIRECTORY
# Always its source, with an index; and the library for the DPDK of this machine, if there is one to build against.
set -eu

target=$1
source=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$target/forwarder"
for file in "$source"/*.c "$source"/*.h "$source/build.sh"; do
    name=${file##*/}
    cmp -s "$file" "$target/forwarder/$name" || cp "$file" "$target/forwarder/$name"
done
(cd "$target/forwarder" && ls *.c *.h build.sh >index.part && mv -f index.part index)

if ! pkg-config --exists libdpdk 2>/dev/null; then
    echo "vnfkit-forwarder: no DPDK to build against (libdpdk-dev and pkg-config); the jar carries the source only" >&2
    exit 0
fi
# librte_eal.so is a link to librte_eal.so.23, which is a link to librte_eal.so.23.0 in most packages.
eal=$(readlink -f "$(pkg-config --variable=libdir libdpdk)/librte_eal.so")
abi=$(basename "$eal" | sed 's/^librte_eal\.so\.\([0-9]*\).*/\1/')
library=$target/native/linux-$(uname -m)/dpdk-$abi/libvnfkit-forwarder.so
mkdir -p "${library%/*}"
newer=$(find "$source" -newer "$library" -type f 2>/dev/null || echo first)
[ -z "$newer" ] || sh "$source/build.sh" "$library"
