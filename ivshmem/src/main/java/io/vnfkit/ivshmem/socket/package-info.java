/** UNIX sockets that servers of shared memory listen on ({@link io.vnfkit.ivshmem.socket.ListeningSocket}). */
package io.vnfkit.ivshmem.socket;
