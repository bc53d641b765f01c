#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the launch init for several architectures: build.sh DIRECTORY ARCHITECTURE[,ARCHITECTURE...]
# The result is DIRECTORY/linux-ARCHITECTURE/vnfkit-init; what is up to date is left alone.
set -eu

directory=$1
architectures=$2

if ! command -v make >/dev/null; then
    echo "vnfkit-init: no make. On Debian: apt-get install make" >&2
    exit 1
fi

for architecture in $(echo "$architectures" | tr ',' ' '); do
    make --silent --file "${0%/*}/Makefile" ARCH="$architecture" OUT="$directory/linux-$architecture"
done
