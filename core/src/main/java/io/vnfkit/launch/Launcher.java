package io.vnfkit.launch;

import io.vnfkit.Problem;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plans, launches and finds VNFs on one host: what {@link io.vnfkit.VnfLauncher} hands out. Thread-safe. */
public final class Launcher {

    private final LaunchSite site;
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
        if (site.host().isThisHost() && problems.isEmpty() && site.state().isHeld(vnf.name())) {
            problems.add(new Problem("name", "a VNF named \"" + vnf.name() + "\" is running or being launched on this host",
                    "choose another name or close it first"));
        }
        problems.addAll(planner(vnf).problems());
        return problems;
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
        LaunchPlanner planner = planner(vnf);
        LaunchPlan plan = planner.plan();
        cleanUpOnce();
        return new Launch(site, vnf, plan, planner.limits()).run();
    }

    private void cleanUpOnce() {
        synchronized (this) {
            if (cleaned) {
                return;
            }
            cleaned = true;
        }
        cleanUp();
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
        StateDirectory state = site.state();
        return state.record(name)
                .filter(record -> record.pid() > 0 && state.isHeld(name))
                .flatMap(record -> LaunchedVnf.found(site, name, record));
    }

    /**
     * The names of all VNFs that run or are being launched, by whatever JVM.
     *
     * @return names, sorted
     */
    public List<String> names() {
        StateDirectory state = site.state();
        return state.names().stream().filter(state::isHeld).toList();
    }

    private LaunchPlanner planner(Vnf vnf) {
        RunningVnfs running = name -> site.state().record(name).filter(record -> record.pid() > 0).map(VnfRecord::pid);
        return new LaunchPlanner(vnf, site.host(), running, StateDirectory.DEFAULT);
    }
}
