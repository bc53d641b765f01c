package io.vnfkit.linux;

/**
 * What statfs(2) says of a mounted file system.
 *
 * <p>On hugetlbfs the block size is the huge page size, the block count is the mount's {@code size=} option in pages,
 * and 0 where it has none.
 *
 * @param type magic number, see {@link LinuxConstants}
 * @param blockSize bytes in a block
 * @param blocks number of blocks
 * @param freeBlocks number of free blocks
 * @param availableBlocks number of free blocks that an unprivileged user may take
 */
public record FileSystemStatus(long type, long blockSize, long blocks, long freeBlocks, long availableBlocks) {}
