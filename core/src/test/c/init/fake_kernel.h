/* SPDX-License-Identifier: Apache-2.0 */
/* A kernel that answers the init's syscalls at random, but reproducibly, in the test's own process. */
#ifndef VNFKIT_TEST_FAKE_KERNEL_H
#define VNFKIT_TEST_FAKE_KERNEL_H

#include <stdint.h>

struct process;

/* Executes an opened and relocated program until it exits, or has made many syscalls. */
void fake_kernel_run(struct process *process, uint64_t seed);

/* SplitMix64. */
uint64_t next_random(uint64_t *state);

#endif
