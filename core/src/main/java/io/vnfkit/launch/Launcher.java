package io.vnfkit.launch;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.Problem;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans, launches and finds VNFs on one host: what {@link io.vnfkit.VnfLauncher} hands out. Thread-safe. */
public final class Launcher {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private final LaunchSite site;
    private volatile boolean privileged;
    private boolean cleaned;

    /**
     * A launcher on a host.
     *
     * @param host the host
     */
    public Launcher(Host host) {
        this.site = new LaunchSite(host);
    }

    /**
     * Plans a launch.
     *
     * @param vnf the description
     * @return the plan
     * @throws io.vnfkit.InvalidVnfException with every problem found
     */
    public LaunchPlan plan(Vnf vnf) {
        return planner(vnf).plan();
    }

    /**
     * Finds every reason why a launch would fail.
     *
     * @param vnf the description
     * @return the reasons; empty if none is known
     */
    public List<Problem> preflight(Vnf vnf) {
        List<Problem> problems = new ArrayList<>(Privileges.problems(site.host()));
        if (site.host().isThisHost() && problems.isEmpty()) {
            problems.addAll(Privileges.missingFor(vnf, site.host().files()));
            nameProblem(vnf.name()).ifPresent(problems::add);
        }
        problems.addAll(planner(vnf).problems());
        if (site.host().isThisHost() && problems.isEmpty()) {
            foreignGroup(vnf).ifPresent(problems::add);
        }
        return problems;
    }

    /** Groups that a launch would take for foreign; those of a name left over are not. */
    private Optional<Problem> foreignGroup(Vnf vnf) {
        if (site.state().names().contains(vnf.name())) {
            return Optional.empty();
        }
        return ForeignGroups.first(site.host().files(), plan(vnf)).map(step -> new Problem("name", "the control group "
                + step.directory() + " exists, and vnfkit did not make it", "remove it, or give the VNF another name"));
    }

    private Optional<Problem> nameProblem(String name) {
        if (!site.names().isHeld(name)) {
            return Optional.empty();
        }
        return Optional.of(new Problem("name", "a VNF named \"" + name + "\" is running or being launched on this host",
                "choose another name or close it first"));
    }

    /**
     * Launches a VNF.
     *
     * @param vnf the description
     * @return the running VNF
     */
    public RunningVnf launch(Vnf vnf) {
        if (!site.host().isThisHost()) {
            throw new IllegalStateException("the host below " + site.host().files().root()
                    + " is a tree of files: VNFs can be planned for it, but only launched on this machine");
        }
        requirePrivileges(vnf);
        LaunchPlanner planner = planner(vnf);
        LaunchPlan plan = planner.plan();
        cleanUpOnce();
        return site.handles().keep(new Launch(site, vnf, plan, planner.limits(), planner.cgroup()).run());
    }

    private void requirePrivileges(Vnf vnf) {
        List<Problem> problems = privileged ? List.of() : Privileges.problems(site.host());
        if (problems.isEmpty()) {
            problems = Privileges.missingFor(vnf, site.host().files());
        }
        if (!problems.isEmpty()) {
            throw new InvalidVnfException(vnf.name(), problems);
        }
        privileged = true;
    }

    /** Launches wait for it: it holds the names that it takes away. */
    private synchronized void cleanUpOnce() {
        if (cleaned) {
            return;
        }
        cleaned = true;
        try {
            cleanUp();
        } catch (RuntimeException failure) {
            // What others left behind is no reason not to launch.
            LOG.warn("{}; cleanUp() tries again", failure.getMessage());
        }
    }

    /** Takes away what crashed JVMs left behind. */
    public void cleanUp() {
        new Leftovers(site).takeAwayAll();
    }

    /**
     * Finds a VNF that runs.
     *
     * @param name its name
     * @return a handle; empty if none of that name runs
     */
    public Optional<RunningVnf> find(String name) {
        return site.state().record(name)
                .filter(VnfRecord::isRunning)
                .flatMap(record -> site.handles().of(name, record)
                        .or(() -> LaunchedVnf.found(site, name, record).map(site.handles()::keep)));
    }

    /**
     * The names of all VNFs that run or are being launched, by whatever JVM.
     *
     * @return names, sorted
     */
    public List<String> names() {
        return site.state().names().stream().filter(site.names()::isHeld).toList();
    }

    private LaunchPlanner planner(Vnf vnf) {
        RunningVnfs running = name -> site.state().record(name)
                .map(VnfRecord::process).filter(site.processes()::isAlive).map(ProcessIdentity::pid);
        return new LaunchPlanner(vnf, site.host(), running, StateDirectory.DEFAULT);
    }
}
