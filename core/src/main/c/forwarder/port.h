// SPDX-License-Identifier: Apache-2.0
// Ports of DPDK have numbers of 16 bits; the contract with Java has 32.
#ifndef VNFKIT_PORT_H
#define VNFKIT_PORT_H

#include <rte_ethdev.h>
#include <stdint.h>

// Not so a number that would be that of a port if its high bits were cut off.
static inline int port_is_valid(uint32_t port)
{
    return port <= UINT16_MAX && rte_eth_dev_is_valid_port((uint16_t)port);
}

#endif
