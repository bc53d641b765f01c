// SPDX-License-Identifier: Apache-2.0
// What the tests of the forwarding core share: checks that are counted, and random numbers that a seed repeats.
#ifndef VNFKIT_CHECK_H
#define VNFKIT_CHECK_H

#include <stdint.h>
#include <stdio.h>

static uint64_t check_count;
static uint64_t check_failures;

// After so many a test is broken as a whole, and its output would only grow.
#define CHECK_MAX_REPORTED 20

#define CHECK(condition, ...) \
    do { \
        check_count++; \
        if (!(condition) && check_failures++ < CHECK_MAX_REPORTED) { \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__); \
            fprintf(stderr, "\n"); \
        } \
    } while (0)

static inline int check_result(const char *name)
{
    printf("%s: %llu checks, %llu failures\n", name, (unsigned long long)check_count,
        (unsigned long long)check_failures);
    return check_failures != 0;
}

// SplitMix64.
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline uint32_t random_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)(random_next(state) % bound);
}

#endif
