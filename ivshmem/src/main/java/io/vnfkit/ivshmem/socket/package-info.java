/** UNIX sockets of shared memory: what servers listen on, and which paths can be addresses. */
package io.vnfkit.ivshmem.socket;
