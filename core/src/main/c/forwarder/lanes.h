// SPDX-License-Identifier: Apache-2.0
// Sixteen bytes in one register, and the few operations on them that packets need. SSE4.1, which DPDK asks of every
// x86, or else what the compiler makes of plain C and vectors, NEON for one. All other headers know no instruction set.
#ifndef VNFKIT_LANES_H
#define VNFKIT_LANES_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE4_1__) && !defined(VNFKIT_PLAIN_LANES)
#define LANES_SSE
#include <smmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

typedef uint8_t lanes8 __attribute__((vector_size(16)));
typedef uint32_t lanes32 __attribute__((vector_size(16)));
typedef uint64_t lanes64 __attribute__((vector_size(16)));

// At any address; the bytes may be any object's.
static inline lanes32 lanes_load(const void *at)
{
    lanes32 lanes;

    memcpy(&lanes, at, sizeof lanes);
    return lanes;
}

static inline void lanes_store(void *at, lanes32 lanes)
{
    memcpy(at, &lanes, sizeof lanes);
}

static inline lanes32 lanes_all(uint32_t value)
{
    return (lanes32){ value, value, value, value };
}

// Whether any of the bits under the mask is set.
static inline int lanes_any(lanes32 lanes, lanes32 mask)
{
#ifdef LANES_SSE
    return !_mm_testz_si128((__m128i)lanes, (__m128i)mask);
#else
    lanes64 bits = (lanes64)(lanes & mask);

    return (bits[0] | bits[1]) != 0;
#endif
}

// Byte i of the result is byte from[i] of the lanes, or zero where from[i] is 0x80.
static inline lanes32 lanes_shuffle(lanes32 lanes, lanes32 from)
{
#ifdef LANES_SSE
    return (lanes32)_mm_shuffle_epi8((__m128i)lanes, (__m128i)from);
#elif defined(__aarch64__)
    return (lanes32)vqtbl1q_u8((uint8x16_t)lanes, (uint8x16_t)from);
#else
    lanes8 bytes = (lanes8)lanes;
    lanes8 places = (lanes8)from;
    lanes8 result;

    for (int i = 0; i < 16; i++)
        result[i] = places[i] & 0x80 ? 0 : bytes[places[i] & 15];
    return (lanes32)result;
#endif
}

// Lanes 0 and 1 of both, in turn: a0 b0 a1 b1. Compilers know an instruction for each of these four.
static inline lanes32 lanes_zip_low(lanes32 a, lanes32 b)
{
    return (lanes32){ a[0], b[0], a[1], b[1] };
}

// a2 b2 a3 b3.
static inline lanes32 lanes_zip_high(lanes32 a, lanes32 b)
{
    return (lanes32){ a[2], b[2], a[3], b[3] };
}

// a0 a1 b0 b1.
static inline lanes32 lanes_join_low(lanes32 a, lanes32 b)
{
    return (lanes32)(lanes64){ ((lanes64)a)[0], ((lanes64)b)[0] };
}

// a2 a3 b2 b3.
static inline lanes32 lanes_join_high(lanes32 a, lanes32 b)
{
    return (lanes32)(lanes64){ ((lanes64)a)[1], ((lanes64)b)[1] };
}

// For a byte, more than zero where it is above what it may be at most.
static inline lanes32 lanes_above8(lanes32 lanes, lanes32 most)
{
#ifdef LANES_SSE
    return (lanes32)_mm_subs_epu8((__m128i)lanes, (__m128i)most);
#else
    return (lanes32)((lanes8)lanes > (lanes8)most);
#endif
}

static inline lanes32 lanes_equal8(lanes32 a, lanes32 b)
{
    return (lanes32)((lanes8)a == (lanes8)b);
}

// The greater of each two lanes, without signs.
static inline lanes32 lanes_most(lanes32 a, lanes32 b)
{
#ifdef LANES_SSE
    return (lanes32)_mm_max_epu32((__m128i)a, (__m128i)b);
#else
    const lanes32 is_more = (lanes32)(a > b);

    return (a & is_more) | (b & ~is_more);
#endif
}

// All bits of a lane whose value is at least that of the other, without signs.
static inline lanes32 lanes_at_least(lanes32 a, lanes32 b)
{
    return (lanes32)(lanes_most(a, b) == a);
}

#endif
