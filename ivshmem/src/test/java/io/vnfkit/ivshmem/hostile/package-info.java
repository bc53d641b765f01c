/** What one side of an object makes of another one that writes what it likes, whenever it likes. */
package io.vnfkit.ivshmem.hostile;
