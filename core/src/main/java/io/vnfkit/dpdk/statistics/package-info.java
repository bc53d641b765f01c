/** What tasks and lcores count, read from memory: no call, no lock, also from another process. */
package io.vnfkit.dpdk.statistics;
