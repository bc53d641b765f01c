/**
 * The only seam to the kernel: system calls behind one interface, files of the kernel below an injectable root, errno
 * as a type. Nothing outside this package touches JNA or jnr.
 *
 * <p>64-bit Linux 5.14 or later on x86-64 and aarch64: every C {@code long}, {@code size_t}, {@code off_t} and pointer
 * is a Java {@code long}.
 */
package io.vnfkit.linux;
