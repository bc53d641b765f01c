/**
 * What lies at the start of a region: who made it, how large it is, and which objects lie where. Records and pure
 * functions over bytes; {@link io.vnfkit.ivshmem.Region} acts.
 */
package io.vnfkit.ivshmem.manifest;
