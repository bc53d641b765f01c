package io.vnfkit.cgroup;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.SystemCallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The groups above those of VNFs, which several VNFs share: the first launch makes them, and they go with the last VNF.
 *
 * <p>No lock keeps launches and closes apart, in this JVM or another: rmdir(2) takes only a group that is empty, and a
 * launch that loses its parent before its own group is there makes the parent again. From then on its own group holds
 * the parent.
 *
 * <p>A group of somebody else is never removed. Those made here have the sticky bit ({@code drwxr-xr-t}), which means
 * nothing to control groups and which mkdir(2) sets in the same step, so no crash can come between. Who wants to keep
 * one takes the bit away: {@code chmod -t}.
 *
 * <p>Immutable and thread-safe, also between JVMs. Needs the right to write to the hierarchies, which root has.
 */
public final class ParentGroups {

    private static final int OWN_DIRECTORY_MODE = 0755;
    private static final int STICKY = 01000;

    /** How often a parent may vanish before the group below it is made, which takes a close each time. */
    private static final int ATTEMPTS = 1000;

    private final Host host;

    private ParentGroups(Host host) {
        this.host = host;
    }

    /**
     * The parent groups of a host.
     *
     * @param host the host
     * @return a handle; nothing is touched yet
     */
    public static ParentGroups on(Host host) {
        return new ParentGroups(host);
    }

    /** Makes a parent group unless it exists. */
    void ensure(Path directory) {
        if (host.files().isDirectory(directory.toString())) {
            return;
        }
        try {
            make(directory, OWN_DIRECTORY_MODE | STICKY);
        } catch (SystemCallException refusal) {
            // Another launch may have been faster.
            if (!refusal.is(Errno.EEXIST)) {
                throw CgroupHints.creating(directory, refusal);
            }
        }
    }

    /** Makes a VNF's own group. */
    void makeBelow(Path directory) {
        try {
            make(directory, OWN_DIRECTORY_MODE);
        } catch (SystemCallException refusal) {
            throw CgroupHints.creating(directory, refusal);
        }
    }

    private void make(Path directory, int mode) {
        SystemCallException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                host.syscalls().mkdir(host.files().resolve(directory), mode);
                return;
            } catch (SystemCallException refusal) {
                if (!isGone(refusal) || !isBelowGroup(directory.getParent())) {
                    throw refusal;
                }
                last = refusal;
            }
            ensure(directory.getParent());
        }
        throw last;
    }

    /** ENODEV is the answer of a group that is just being removed. */
    private static boolean isGone(SystemCallException refusal) {
        return refusal.is(Errno.ENOENT) || refusal.is(Errno.ENODEV);
    }

    /** A hierarchy that is not mounted any more must not get directories in its place. */
    private boolean isBelowGroup(Path directory) {
        for (Path place = directory.getParent(); place != null; place = place.getParent()) {
            if (host.files().exists(place.resolve("cgroup.procs").toString())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Removes the groups above a VNF's group that a launch made and that are empty now, from the lowest up. Those that
     * have groups or processes stay, and those that somebody else made.
     *
     * @param group the VNF's group, removed or not
     * @throws io.vnfkit.linux.KernelFileException if the kernel refuses for another reason
     */
    public void removeAbove(Path group) {
        Path place = group.getParent();
        while (place != null && remove(place)) {
            place = place.getParent();
        }
    }

    /**
     * Removes a parent group if a launch made it and it is empty.
     *
     * @return whether it is gone
     */
    boolean remove(Path directory) {
        Path path = host.files().resolve(directory);
        if (!isOwn(path)) {
            return !Files.exists(path);
        }
        try {
            host.syscalls().rmdir(path);
            return true;
        } catch (SystemCallException refusal) {
            if (refusal.is(Errno.ENOENT)) {
                return true;
            }
            if (refusal.is(Errno.EBUSY) || refusal.is(Errno.ENOTEMPTY)) {
                return false;
            }
            throw CgroupHints.removing(directory, refusal, refusal.hint());
        }
    }

    private static boolean isOwn(Path path) {
        try {
            return ((int) Files.getAttribute(path, "unix:mode") & STICKY) != 0;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look at " + path, failure);
        }
    }
}
