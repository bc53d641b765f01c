package io.vnfkit.ivshmem;

import io.vnfkit.Contributions;
import io.vnfkit.PlanContext;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.mount.VnfMount.Flag;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * One of the {@link NamedMounts} in a VNF: bound to a place there, with a variable that tells the VNF which.
 *
 * @param name its name on this host
 * @param target where it appears in the VNF
 * @param access what the VNF may do with its files
 */
record NamedBind(String name, Path target, Access access) {

    /** At another place; what says in a message what it is. */
    NamedBind at(String what, String directory) {
        Path path = Path.of(directory);
        if (!path.isAbsolute() || !path.equals(path.normalize())) {
            throw new IllegalArgumentException(what + " takes an absolute path without . and ..: " + directory);
        }
        return new NamedBind(name, path, access);
    }

    NamedBind with(Access wanted) {
        return new NamedBind(name, target, wanted);
    }

    /** How many features of a kind appear at this place in the VNF, this one included. */
    <F> long atSamePlace(PlanContext context, Class<F> kind, Function<F, NamedBind> bind) {
        return context.vnf().features().stream().filter(kind::isInstance).map(kind::cast).map(bind)
                .filter(other -> other.target.equals(target)).count();
    }

    /** Adds the mount and the variable: its prefix, and the name as far as the name of a variable can have it. */
    void contribute(Path source, String prefix, Path told, Contributions contributions) {
        Set<Flag> flags = EnumSet.of(Flag.NOSUID, Flag.NODEV, Flag.NOEXEC);
        if (access == Access.READ_ONLY) {
            flags.add(Flag.READ_ONLY);
        }
        contributions.mount(new VnfMount.Bind(source, target, flags, false));
        contributions.environment(prefix + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), told.toString());
    }
}
