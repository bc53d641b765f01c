package io.vnfkit.ivshmem;

import io.vnfkit.Contributions;
import io.vnfkit.PlanContext;
import io.vnfkit.Problem;
import io.vnfkit.VnfFeature;
import io.vnfkit.ivshmem.memory.Access;
import java.nio.file.Path;

/**
 * A region of the host in a VNF, under a path of the VNF.
 *
 * <pre>{@code
 * Vnf.named("west").with(SharedRegion.named("packets").readWrite())                       // /run/regions/packets/region
 * Vnf.named("probe").with(SharedRegion.named("packets").at("/packets").readOnly())        // /packets/region
 * }</pre>
 *
 * <p>The region is made before the launch, with {@link RegionStore#create}; a description of one that is not there is
 * refused. Its pages were taken and charged when it was made, so they count against no limit of the VNF. The VNF sees the
 * file system of this region alone, which has no room for anything else; it needs no device and no rights for it but those
 * of the region's file. The variable {@code VNFKIT_REGION_NAME}, with the name in upper case and other characters than
 * letters and digits as underscores, tells the VNF the path of the file.
 *
 * <p>Immutable and thread-safe.
 */
public final class SharedRegion implements VnfFeature {

    private static final Path DEFAULT_PARENT = Path.of("/run/regions");

    private final NamedBind bind;

    private SharedRegion(NamedBind bind) {
        this.bind = bind;
    }

    /**
     * A region, read-only, below /run/regions.
     *
     * @param name its name
     * @return the feature
     * @throws IllegalArgumentException if no region can have such a name
     */
    public static SharedRegion named(String name) {
        RegionDescription.requireName(name);
        return new SharedRegion(new NamedBind(name, DEFAULT_PARENT.resolve(name), Access.READ_ONLY));
    }

    /**
     * Puts it at another place.
     *
     * @param directory where the directory with its file appears in the VNF: an absolute path
     * @return the new feature
     * @throws IllegalArgumentException if the path is not absolute or has . or .. in it
     */
    public SharedRegion at(String directory) {
        return new SharedRegion(bind.at("a region", directory));
    }

    /**
     * Lets the VNF write to it.
     *
     * @return the new feature
     */
    public SharedRegion readWrite() {
        return new SharedRegion(bind.with(Access.READ_WRITE));
    }

    /**
     * Lets the VNF read it alone: the mount is read-only, so that no writable mapping of its file can be made.
     *
     * @return the new feature
     */
    public SharedRegion readOnly() {
        return new SharedRegion(bind.with(Access.READ_ONLY));
    }

    /**
     * Where the VNF finds the region.
     *
     * @return path of its file in the VNF
     */
    public Path file() {
        return bind.target().resolve(RegionStore.FILE);
    }

    @Override
    public void contribute(PlanContext context, Contributions contributions) {
        String name = bind.name();
        Path source = RegionStore.directoryOf(name);
        if (!RegionStore.exists(context.files(), name)) {
            contributions.problem(new Problem(toCall(), "there is no region \"" + name + "\" on this host",
                    "make it before the launch: RegionStore.onThisHost().create(RegionDescription.of(\"" + name + "\", ...))"));
        }
        long samePlace = bind.atSamePlace(context, SharedRegion.class, other -> other.bind);
        if (samePlace > 1) {
            contributions.problem(new Problem(toCall(), samePlace + " regions are to appear at " + bind.target(),
                    "give each a place of its own with at(...)"));
        }
        bind.contribute(source, "VNFKIT_REGION_", file(), contributions);
    }

    private String toCall() {
        return "SharedRegion.named(\"" + bind.name() + "\")";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SharedRegion region && region.bind.equals(bind);
    }

    @Override
    public int hashCode() {
        return bind.hashCode();
    }

    @Override
    public String toString() {
        return "region \"" + bind.name() + "\" at " + bind.target()
                + (bind.access() == Access.READ_ONLY ? " (read-only)" : "");
    }
}
