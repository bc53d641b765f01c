/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing the data of a program: what the patch opcodes do. No syscalls. */
#ifndef VNFKIT_PATCH_H
#define VNFKIT_PATCH_H

#include <stdint.h>

/* Digits of UINT64_MAX. */
#define MAX_DECIMAL_WIDTH 20

/* The data need not be aligned: fields of netlink messages and packed structures are patched too. */
uint64_t load_word(const uint8_t *from, uint64_t size);
void store32(uint8_t *to, uint64_t value);

/* 0, or -EOVERFLOW with the text unchanged when the value has more digits than width. */
int format_decimal(uint8_t *text, uint64_t width, uint64_t value);

#endif
