/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VNFKIT_NETLINK_H
#define VNFKIT_NETLINK_H

#include <stdint.h>

/*
 * Sends one netlink request of size >= 16 bytes and waits for its acknowledgement. 0, or -errno: of the socket, of the
 * kernel's answer, or EINVAL for a message without NLM_F_ACK, whose answer would never come.
 */
long netlink_request(int socket, const uint8_t *message, uint64_t size);

#endif
