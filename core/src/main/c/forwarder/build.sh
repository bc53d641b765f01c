#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the forwarding core for the DPDK that pkg-config finds: build.sh LIBRARY
# The library names the sonames of that DPDK's ABI and so loads with no other. Run by Maven, and on a machine with
# another DPDK than Maven found, by the library itself.
set -eu

library=$1
source=$(cd "$(dirname "$0")" && pwd)

for tool in "${CC:=cc}" "${PKG_CONFIG:=pkg-config}"; do
    command -v "$tool" >/dev/null || { echo "no $tool. On Debian: apt-get install gcc pkg-config" >&2; exit 1; }
done
"$PKG_CONFIG" --exists libdpdk || { echo "no headers of DPDK. On Debian: apt-get install libdpdk-dev" >&2; exit 1; }

# System headers: DPDK's are not written for these warnings.
dpdk_flags=$("$PKG_CONFIG" --cflags libdpdk | sed 's/-I/-isystem /g')

# Logging became a library of its own in 23.11.
log=
case " $("$PKG_CONFIG" --libs libdpdk) " in
    *" -lrte_log "*) log=-lrte_log ;;
esac

# Conditions joined with "&" are meant so, one branch for all of them; clang takes that for a mistake. gcc, and a clang
# older than 14, do not know the warning and shall not mind.
warnings="-Wall -Wextra -Wshadow -Wstrict-prototypes -Wpointer-arith -Werror"
warnings="$warnings -Wno-unknown-warning-option -Wno-bitwise-instead-of-logical"

# Drivers are plugins of the EAL; only what is called here is linked, the bus of virtual devices among it.
# shellcheck disable=SC2046,SC2086
"$CC" -std=gnu11 -O3 -g1 -fPIC -fvisibility=hidden -fno-strict-aliasing \
    $warnings \
    $dpdk_flags -ffile-prefix-map="$source"=forwarder -shared -Wl,-z,defs -Wl,-soname,libvnfkit-forwarder.so \
    -o "$library.part" "$source"/*.c $("$PKG_CONFIG" --libs-only-L libdpdk) -Wl,--as-needed \
    -lrte_bus_vdev -lrte_ethdev -lrte_rcu -lrte_mbuf -lrte_mempool -lrte_ring -lrte_eal $log
mv -f "$library.part" "$library"
