/* SPDX-License-Identifier: Apache-2.0 */
#include "patch.h"

#include "uapi.h"

uint64_t load_word(const uint8_t *from, uint64_t size)
{
    uint64_t value = 0;

    for (uint64_t i = 0; i < size; i++)
        value |= (uint64_t)from[i] << (8 * i);
    return value;
}

void store32(uint8_t *to, uint64_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

int format_decimal(uint8_t *text, uint64_t width, uint64_t value)
{
    uint8_t digits[MAX_DECIMAL_WIDTH];
    uint64_t count = 0;

    do {
        digits[count++] = (uint8_t)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    if (count > width)
        return -EOVERFLOW;
    for (uint64_t i = 0; i < width; i++)
        text[i] = i < width - count ? '/' : digits[width - 1 - i];
    return 0;
}
