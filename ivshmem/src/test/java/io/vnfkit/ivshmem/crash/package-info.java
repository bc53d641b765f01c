/** What is left of the objects of a region when a process that uses them is killed, at whatever moment. */
package io.vnfkit.ivshmem.crash;
