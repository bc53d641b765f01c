/**
 * Tests see each load and store that a class makes in shared memory, and decide what becomes of it: classes are loaded anew
 * with a call in the place of every one ({@link io.vnfkit.ivshmem.access.ObservedClasses}).
 */
package io.vnfkit.ivshmem.access;
