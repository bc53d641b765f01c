package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.UnixSocketCalls.Credentials;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rules about who may connect, to be combined with {@link Predicate#or} and {@link Predicate#and}. What is asked is
 * what SO_PEERCRED says: the process, and its effective user and primary group when it called connect(2).
 */
public final class Admission {

    private Admission() {}

    /**
     * Everybody who can reach the socket.
     *
     * @return the rule
     */
    public static Predicate<Credentials> everybody() {
        return who -> true;
    }

    /**
     * Processes of this process's effective user.
     *
     * @return the rule
     */
    public static Predicate<Credentials> sameUser() {
        return uids(Syscalls.host().effectiveUserId());
    }

    /**
     * Processes of some users.
     *
     * @param uids their numbers, as seen in the user namespace of this process
     * @return the rule
     */
    public static Predicate<Credentials> uids(int... uids) {
        Set<Integer> allowed = set(uids);
        return who -> allowed.contains(who.uid());
    }

    /**
     * Processes of some primary groups. Supplementary groups do not count: the kernel does not tell them.
     *
     * @param gids their numbers, as seen in the user namespace of this process
     * @return the rule
     */
    public static Predicate<Credentials> gids(int... gids) {
        Set<Integer> allowed = set(gids);
        return who -> allowed.contains(who.gid());
    }

    private static Set<Integer> set(int... numbers) {
        return IntStream.of(numbers).boxed().collect(Collectors.toUnmodifiableSet());
    }
}
