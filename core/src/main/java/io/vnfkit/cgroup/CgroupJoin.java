package io.vnfkit.cgroup;

import java.nio.file.Path;

/** How a process gets into a control group. The version decides which way is fast. */
public sealed interface CgroupJoin {

    /**
     * The group.
     *
     * @return its directory
     */
    Path directory();

    /**
     * A version 1 group: the single-threaded process itself writes {@code 0} to {@link #file()}.
     *
     * <p>Only the combination of {@code tasks} and {@code 0} moves a thread without write-locking the kernel's
     * {@code cgroup_threadgroup_rwsem}, which waits for an RCU grace period of several milliseconds on an idle machine
     * ({@code cgroup_procs_write_start} in kernel/cgroup/cgroup.c). {@code cgroup.procs}, or another process's id,
     * takes it.
     *
     * @param directory the group
     */
    record V1(Path directory) implements CgroupJoin {

        /**
         * The file to write {@code 0} to.
         *
         * @return the group's {@code tasks}
         */
        public Path file() {
            return directory.resolve("tasks");
        }
    }

    /**
     * A version 2 group: the process is born in it, by clone3(2) with CLONE_INTO_CGROUP and a descriptor of the
     * directory. That avoids the lock as well. Writing {@code 0} to {@link #file()} works too, at the price of the
     * grace period.
     *
     * @param directory the group
     */
    record V2(Path directory) implements CgroupJoin {

        /**
         * The file to write {@code 0} to where clone3(2) cannot be used.
         *
         * @return the group's {@code cgroup.procs}
         */
        public Path file() {
            return directory.resolve("cgroup.procs");
        }
    }
}
