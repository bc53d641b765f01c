// SPDX-License-Identifier: Apache-2.0
// The frames that bursts are made of: plain ones, and each that differs from them in one thing.
#ifndef VNFKIT_BURST_KINDS_H
#define VNFKIT_BURST_KINDS_H

#include "frame.h"

// How a packet differs from a plain one to the first route.
enum kind {
    PLAIN, SECOND_ROUTE, LONG_PREFIX, DEFAULT_ROUTE, PADDED, NEARLY_LONGER_THAN_MTU, SEGMENTED, LAST_HOP_BUT_ONE,
    CHECKSUM_FEFF, CHECKSUM_FFFF, EDGE_OCTETS,
    // Forwarded as well, but not in a four.
    OPTIONS, VERSION_6, TRAILER, LONGER_THAN_ANOTHER_MTU, EXTERNAL,
    // Dropped, unless nobody asks for what is wrong.
    OTHER_HOST, GROUP, ARP, IP_VERSION, SHORT_HEADER, SHORT_TOTAL, LONG_TOTAL, CHECKSUM, HOPS_0, HOPS_1,
    SOURCE_0, SOURCE_127, SOURCE_224, SOURCE_255, TO_0, TO_127, TO_224, TO_240, TO_255,
    NO_OUTPUT, NO_HOP, TOO_BIG, LENGTH_13, LENGTH_14, LENGTH_15, LENGTH_16, LENGTH_33, CUT_13, CUT_15, CUT_33,
    TRAILER_CUT,
    TWO_OWNERS, INDIRECT, EXTERNAL_SHARED,
    KINDS
};

static struct frame frame;

static void set_ipv4(uint32_t offset, uint32_t value)
{
    frame.bytes[14 + offset] = (uint8_t)value;
    set_checksum(frame.bytes + 14);
}

static void set_destination(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    const uint8_t address[] = { a, b, c, d };

    memcpy(frame.bytes + 30, address, 4);
    set_checksum(frame.bytes + 14);
}

// A header whose right checksum is this one, by its identification.
static void set_checksum_to(uint32_t checksum)
{
    write16(frame.bytes + 14 + 4, 0);
    write16(frame.bytes + 14 + 10, checksum);
    write16(frame.bytes + 14 + 4, 0xffff - naive_sum(frame.bytes + 14, 20));
    CHECK(naive_sum(frame.bytes + 14, 20) == 0xffff, "no header has the checksum %04x", checksum);
}

// Returns where the first segment ends; 0 for a single one.
static uint32_t build_frame(enum kind kind, uint32_t payload)
{
    uint32_t cut = 0;

    frame_routed_ipv4(&frame, payload, kind == OPTIONS ? 3 : 0);
    switch (kind) {
    case SECOND_ROUTE: set_destination(198, 51, 7, 7); break;
    case LONG_PREFIX: set_destination(203, 0, 114, 5); break;
    case DEFAULT_ROUTE: set_destination(8, 8, 8, 8); break;
    case PADDED: frame_routed_ipv4(&frame, 5, 0); frame_append(&frame, 60 - frame.length); break;
    case NEARLY_LONGER_THAN_MTU: frame_routed_ipv4(&frame, 80, 0); break;
    case SEGMENTED: cut = 34; break;
    case LAST_HOP_BUT_ONE: set_ipv4(8, 2); break;
    case CHECKSUM_FEFF: set_checksum_to(0xfeff); break;
    case CHECKSUM_FFFF: set_checksum_to(0xffff); break;
    case EDGE_OCTETS: set_ipv4(12, 223); set_destination(1, 51, 7, 7); break;
    case VERSION_6: frame_routed_ipv6(&frame, payload); break;
    case TRAILER: frame_append(&frame, 60); break;
    case TRAILER_CUT: frame_append(&frame, 60); cut = frame.length - 20; break;
    case LONGER_THAN_ANOTHER_MTU: frame_routed_ipv4(&frame, 81, 0); break;
    case OTHER_HOST: frame.bytes[5] ^= 0x80; break;
    case GROUP: frame.bytes[0] |= 1; break;
    case ARP: write16(frame.bytes + 12, 0x0806); break;
    case IP_VERSION: set_ipv4(0, 0x65); break;
    case SHORT_HEADER: frame.bytes[14] = 0x44; break;
    case SHORT_TOTAL: set_ipv4(3, 19); break;
    case LONG_TOTAL: set_ipv4(3, 21 + payload); break;
    case CHECKSUM: frame.bytes[14 + 10] ^= 4; break;
    case HOPS_0: set_ipv4(8, 0); break;
    case HOPS_1: set_ipv4(8, 1); break;
    case SOURCE_0: set_ipv4(12, 0); break;
    case SOURCE_127: set_ipv4(12, 127); break;
    case SOURCE_224: set_ipv4(12, 224); break;
    case SOURCE_255: set_ipv4(12, 255); break;
    case TO_0: set_ipv4(16, 0); break;
    case TO_127: set_ipv4(16, 127); break;
    case TO_224: set_ipv4(16, 224); break;
    case TO_240: set_ipv4(16, 240); break;
    case TO_255: set_ipv4(16, 255); break;
    case NO_OUTPUT: set_destination(100, 64, 1, 1); break;
    case NO_HOP: set_destination(100, 65, 1, 1); break;
    case TOO_BIG: frame_routed_ipv4(&frame, 81, 0); set_destination(198, 51, 7, 7); break;
    case LENGTH_13: frame.length = 13; break;
    case LENGTH_14: frame.length = 14; break;
    case LENGTH_15: frame.length = 15; break;
    case LENGTH_16: frame.length = 16; break;
    case LENGTH_33: frame.length = 33; break;
    case CUT_13: cut = 13; break;
    case CUT_15: cut = 15; break;
    case CUT_33: cut = 33; break;
    default: break;
    }
    return cut;
}

#endif
