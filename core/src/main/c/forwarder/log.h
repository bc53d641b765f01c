// SPDX-License-Identifier: Apache-2.0
// What DPDK logs, to a descriptor. Each line begins with its level as <N>, the priority of syslog and of sd-daemon(3):
// 0 emergency to 7 debug, which is DPDK's level less one. DPDK itself writes no level into the text.
#ifndef VNFKIT_LOG_H
#define VNFKIT_LOG_H

#include <stdio.h>

// A stream for rte_openlog_stream on a copy of the descriptor; null with errno. A reader that falls behind loses lines
// rather than holding up a writer: the descriptor does not block.
FILE *log_open(int descriptor);

#endif
