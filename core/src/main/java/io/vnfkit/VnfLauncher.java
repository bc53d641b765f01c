package io.vnfkit;

import io.vnfkit.launch.LaunchPlan;
import io.vnfkit.launch.Launcher;
import io.vnfkit.linux.Host;
import java.util.List;
import java.util.Optional;

/**
 * The place where VNFs run: plans, launches and finds them on a host.
 *
 * <p>Thread-safe. Making one costs nothing and touches nothing.
 *
 * <pre>{@code
 * VnfLauncher launcher = VnfLauncher.onThisHost();
 * System.out.println(launcher.plan(vnf));
 * try (RunningVnf running = launcher.launch(vnf)) {
 *     running.onExit().join();
 * }
 * }</pre>
 */
public final class VnfLauncher {

    private final Launcher launcher;

    /** One for the JVM: its launches share the loaded init and the thread that waits for VNFs. */
    private static final class ThisHost {
        private static final VnfLauncher LAUNCHER = new VnfLauncher(Host.thisHost());
    }

    private VnfLauncher(Host host) {
        this.launcher = new Launcher(host);
    }

    /**
     * A launcher on this machine.
     *
     * @return always the same launcher
     */
    public static VnfLauncher onThisHost() {
        return ThisHost.LAUNCHER;
    }

    /**
     * A launcher on another host, such as a fake one: it can plan, but not launch.
     *
     * @param host the host
     * @return a new launcher
     */
    public static VnfLauncher on(Host host) {
        return new VnfLauncher(host);
    }

    /**
     * Plans a launch: reads the host, writes nothing, needs no privilege beyond reading.
     *
     * @param vnf the description
     * @return the plan, equal for equal descriptions as long as the host does not change
     * @throws InvalidVnfException with every problem found
     */
    public LaunchPlan plan(Vnf vnf) {
        return launcher.plan(vnf);
    }

    /**
     * Lists every reason why a launch would fail: problems of the description on this host, missing privileges, a name in use.
     *
     * @param vnf the description
     * @return the reasons; empty if none is known
     */
    public List<Problem> preflight(Vnf vnf) {
        return launcher.preflight(vnf);
    }

    /**
     * Launches a VNF, and returns when its program executes. Needs root's capabilities in the initial user namespace. The first
     * launch also takes away what crashed JVMs left behind.
     *
     * @param vnf the description
     * @return a handle; close it to take everything away
     * @throws InvalidVnfException with every problem found, before anything was touched
     * @throws LaunchException if a step failed; everything was undone then
     * @throws VnfkitException if the name is in use
     * @throws IllegalStateException if this launcher's host is not this machine
     */
    public RunningVnf launch(Vnf vnf) {
        return launcher.launch(vnf);
    }

    /**
     * Finds a VNF that runs on this machine, launched by this JVM or another one. All callers in a JVM get one handle, which frees
     * what it holds when the VNF has ended; closing it ends the VNF.
     *
     * @param name its name
     * @return a handle with full control, except for the pipes of another JVM; empty if none of that name runs
     * @throws VnfkitException if the VNF's record cannot be read
     */
    public Optional<RunningVnf> find(String name) {
        return launcher.find(name);
    }

    /**
     * Names of all VNFs that run on this machine or are being launched.
     *
     * @return names, sorted
     */
    public List<String> names() {
        return launcher.names();
    }

    /**
     * Takes away what crashed JVMs left behind: control groups, shared volumes, records. Never touches a VNF that runs, nor
     * anything that vnfkit did not make. The first launch does the same.
     */
    public void cleanUp() {
        launcher.cleanUp();
    }
}
