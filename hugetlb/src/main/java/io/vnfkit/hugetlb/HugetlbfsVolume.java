package io.vnfkit.hugetlb;

import io.vnfkit.Contributions;
import io.vnfkit.Grant;
import io.vnfkit.PlanContext;
import io.vnfkit.VnfFeature;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.mount.VnfMount.Flag;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A hugetlbfs in a VNF: by default one that is made for this VNF alone and goes with it, pages and all.
 *
 * <pre>{@code
 * HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.MIB_2).size(Bytes.mebibytes(512))
 * HugetlbfsVolume.shared("packets").at("/dev/hugepages-shared").size(Bytes.mebibytes(64))
 * }</pre>
 *
 * <p>The kernel enforces {@link #size} as a clean failure: ENOMEM at mmap(2), ENOSPC at fallocate(2). It does not
 * enforce it for memory that comes from elsewhere, such as the memfds of an EAL with {@code --in-memory}: only a limit
 * of the hugetlb control group does, and a description that has the one without the other is refused.
 *
 * <p>Where the VNF's EAL allocates on the volume, planning adds {@code --huge-dir}, {@code --file-prefix} with the
 * VNF's name and {@code --socket-limit} with what the VNF can really get on each NUMA node. The limit makes the EAL
 * refuse to grow before it touches the kernel; a failed attempt at the mount's limit leaves files with pages in them.
 * Memory that the EAL takes at its start ({@link #preallocate}) is not subject to it, and legacy mode ignores it; there
 * {@code --socket-mem} says how much to take.
 *
 * <p>Immutable and thread-safe: every method returns a new value.
 */
public final class HugetlbfsVolume implements VnfFeature {

    private static final Path SHARED_VOLUMES = Path.of("/run/vnfkit/volumes");
    private static final Pattern SHARED_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
    private static final Set<Flag> FLAGS = Set.of(Flag.NOSUID, Flag.NODEV, Flag.NOEXEC);

    private final Path target;
    private final Optional<String> sharedName;
    private final VolumeOptions options;
    private final VolumeOwner owner;
    private final EalUse eal;

    private HugetlbfsVolume(Path target, Optional<String> sharedName, VolumeOptions options, VolumeOwner owner,
            EalUse eal) {
        this.target = target;
        this.sharedName = sharedName;
        this.options = options;
        this.owner = owner;
        this.eal = eal;
    }

    /**
     * A volume of this VNF alone, with pages of 2 MiB, without a size, open to root only.
     *
     * @param target where it appears in the VNF: an absolute path
     * @return the volume
     * @throws IllegalArgumentException if the path is not absolute or has . or .. in it
     */
    public static HugetlbfsVolume at(String target) {
        return new HugetlbfsVolume(absolute(target), Optional.empty(), VolumeOptions.DEFAULT, VolumeOwner.OF_VNF, EalUse.ALLOCATES);
    }

    /**
     * A volume that all VNFs that name it see: mounted on the host below /run/vnfkit/volumes by the first of them, and
     * gone with the last. All must describe it with equal options. The EAL does not allocate on it, because it would
     * remove the files of others that are not locked; see {@link #forEal}.
     *
     * @param name letters, digits, dot, dash and underscore, at most 64
     * @return the volume without a place yet
     * @throws IllegalArgumentException if the name has another form
     */
    public static Shared shared(String name) {
        if (!SHARED_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the name of a shared volume has letters, digits, dot, dash and"
                    + " underscore, does not begin with dot or dash, and is no longer than 64: \"" + name + "\"");
        }
        return new Shared(name);
    }

    /** A shared volume that has no place in the VNF yet. Immutable and thread-safe. */
    public static final class Shared {

        private final String name;

        private Shared(String name) {
            this.name = name;
        }

        /**
         * The shared volume at a place, with pages of 2 MiB, without a size, open to root only.
         *
         * @param target where it appears in the VNF: an absolute path
         * @return the volume
         * @throws IllegalArgumentException if the path is not absolute or has . or .. in it
         */
        public HugetlbfsVolume at(String target) {
            return new HugetlbfsVolume(absolute(target), Optional.of(name), VolumeOptions.DEFAULT, VolumeOwner.OF_VNF, EalUse.NONE);
        }
    }

    private static Path absolute(String target) {
        Path path = Path.of(target);
        if (!path.isAbsolute() || !path.equals(path.normalize())) {
            throw new IllegalArgumentException("a volume takes an absolute path without . and ..: " + target);
        }
        return path;
    }

    /**
     * The size of its pages.
     *
     * @param pageSize a size that the host has
     * @return the new volume
     */
    public HugetlbfsVolume pageSize(PageSize pageSize) {
        return with(options.withPageSize(Objects.requireNonNull(pageSize, "pageSize")));
    }

    /**
     * The most that it holds.
     *
     * @param size a multiple of the page size; the kernel would round it down
     * @return the new volume
     * @throws IllegalArgumentException if it is nothing, which the kernel takes for no limit
     */
    public HugetlbfsVolume size(Bytes size) {
        if (size.value() == 0) {
            throw new IllegalArgumentException("a volume of size 0 is useless");
        }
        return with(options.withSize(size));
    }

    /**
     * What it has for certain: the kernel reserves these pages when it is mounted.
     *
     * @param minSize a multiple of the page size, no more than the size
     * @return the new volume
     */
    public HugetlbfsVolume minSize(Bytes minSize) {
        return with(options.withMinSize(Objects.requireNonNull(minSize, "minSize")));
    }

    /**
     * The owner of its top directory; by default the VNF's user, for a shared volume root.
     *
     * @param uid user id inside the VNF, which is translated where it has a user namespace of its own: the kernel lets
     *     nobody mount hugetlbfs from inside one (EPERM), so the mount is made outside. For a shared volume a user id
     *     of the host.
     * @return the new volume
     */
    public HugetlbfsVolume uid(int uid) {
        return with(new VolumeOwner(OptionalInt.of(uid), owner.gid()));
    }

    /**
     * The group of its top directory; by default the VNF's group, for a shared volume root's.
     *
     * @param gid group id inside the VNF; for a shared volume a group id of the host
     * @return the new volume
     */
    public HugetlbfsVolume gid(int gid) {
        return with(new VolumeOwner(owner.uid(), OptionalInt.of(gid)));
    }

    /**
     * The permissions of its top directory; 0700 by default.
     *
     * @param mode at most 01777
     * @return the new volume
     * @throws IllegalArgumentException if it has other bits, which the kernel would drop
     */
    public HugetlbfsVolume mode(int mode) {
        if ((mode & ~01777) != 0) {
            throw new IllegalArgumentException(String.format("mode 0%o has bits beyond 01777", mode));
        }
        return with(options.withMode(mode));
    }

    /**
     * Has the EAL take the whole budget when it starts, rather than when it needs it.
     *
     * @param all whether to; false by default
     * @return the new volume
     */
    public HugetlbfsVolume preallocate(boolean all) {
        return with(new EalUse(eal.allocates(), all, eal.singleFileSegments()));
    }

    /**
     * Has the EAL make one file per memory segment list rather than one per page: fewer descriptors, and what memif
     * needs for zero copy.
     *
     * @param wanted whether to; false by default
     * @return the new volume
     */
    public HugetlbfsVolume singleFileSegments(boolean wanted) {
        return with(new EalUse(eal.allocates(), eal.preallocates(), wanted));
    }

    /**
     * Whether the VNF's EAL allocates here: true by default for a volume of one VNF, false for a shared one. Such a
     * volume adds its size to the grant, and its place to the EAL's arguments.
     *
     * @param allocates whether it does
     * @return the new volume
     */
    public HugetlbfsVolume forEal(boolean allocates) {
        return with(new EalUse(allocates, eal.preallocates(), eal.singleFileSegments()));
    }

    private HugetlbfsVolume with(VolumeOptions changed) {
        return new HugetlbfsVolume(target, sharedName, changed, owner, eal);
    }

    private HugetlbfsVolume with(VolumeOwner changed) {
        return new HugetlbfsVolume(target, sharedName, options, changed, eal);
    }

    private HugetlbfsVolume with(EalUse changed) {
        return new HugetlbfsVolume(target, sharedName, options, owner, changed);
    }

    @Override
    public Grant grant(Grant grant) {
        if (!eal.allocates() || options.size().isEmpty()) {
            return grant;
        }
        return grant.withHugepages(options.pageSize(), options.size().get());
    }

    @Override
    public void contribute(PlanContext context, Contributions contributions) {
        if (sharedName.isPresent()) {
            Path source = hostMountPoint();
            contributions.hostStep(new HostStep.MountSharedVolume("hugetlbfs", source, options().toMountData()));
            contributions.mount(new VnfMount.Bind(source, target, FLAGS, false));
        } else {
            contributions.mount(new VnfMount.Filesystem("hugetlbfs", "vnfkit", target, FLAGS,
                    owner.applyTo(options, context.vnf()).toMountData()));
        }
        VnfVolumes volumes = VnfVolumes.of(context, this);
        new VolumeCheck(this, context.files()).problems().forEach(contributions::problem);
        if (volumes.isFirst(this)) {
            new VolumesCheck(volumes, context).problems().forEach(contributions::problem);
            new EalMemoryCheck(volumes, context).problems().forEach(contributions::problem);
            new EalMemory(volumes, context).arguments()
                    .forEach(argument -> contributions.ealArgument(argument.option(), argument.value()));
        }
    }

    /** Where a shared volume is mounted on the host. */
    Path hostMountPoint() {
        return SHARED_VOLUMES.resolve(sharedName.orElseThrow());
    }

    /** The call that made it, as the place of a problem. */
    String call() {
        String shared = sharedName.map(name -> ".shared(\"" + name + "\")").orElse("");
        return "HugetlbfsVolume" + shared + ".at(\"" + target + "\")";
    }

    Path target() {
        return target;
    }

    Optional<String> sharedName() {
        return sharedName;
    }

    /** The options as the host counts ids, for a volume whose owner does not depend on a VNF. */
    VolumeOptions options() {
        return owner.applyTo(options);
    }

    EalUse eal() {
        return eal;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HugetlbfsVolume volume && volume.target.equals(target)
                && volume.sharedName.equals(sharedName) && volume.options.equals(options) && volume.owner.equals(owner)
                && volume.eal.equals(eal);
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, sharedName, options, owner, eal);
    }

    @Override
    public String toString() {
        return "hugetlbfs " + sharedName.map(name -> "\"" + name + "\" ").orElse("") + "at " + target + " ("
                + options().toMountData() + ")";
    }
}
