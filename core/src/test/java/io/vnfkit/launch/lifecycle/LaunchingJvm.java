package io.vnfkit.launch.lifecycle;

import io.vnfkit.OnJvmExit;
import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.VnfkitException;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.unit.CpuSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/**
 * A JVM of its own: launches a VNF and says "launched" with its process id, or why it could not; then obeys "close", "pause", "exit" and the
 * end of its input, one per line.
 *
 * <p>Arguments: name, {@link OnJvmExit}, whether the VNF has a pid namespace of its own, script, and a volume that it shares.
 */
final class LaunchingJvm {

    private LaunchingJvm() {}

    public static void main(String[] arguments) throws IOException {
        Vnf.Builder vnf = Vnf.named(arguments[0]).onJvmExit(OnJvmExit.valueOf(arguments[1]))
                .streams(StandardStreams.DISCARD).command("sh", "-c", arguments[3])
                .cgroup(cgroup -> cgroup.cpus(CpuSet.parse("0")));
        if (!Boolean.parseBoolean(arguments[2])) {
            vnf.namespaces(namespaces -> namespaces.inherit(NamespaceKind.PID));
        }
        if (arguments.length > 4) {
            vnf.with(SharedDirectory.tmpfs(arguments[4]));
        }
        try {
            RunningVnf running = VnfLauncher.onThisHost().launch(vnf.build());
            say("launched " + running.pid());
            obey(running);
        } catch (VnfkitException failure) {
            say("refused " + failure.getMessage().replace('\n', ' '));
        }
    }

    private static void obey(RunningVnf running) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            switch (order) {
                case "close" -> running.close();
                case "pause" -> running.pause();
                case "exit" -> System.exit(0);
                default -> throw new IllegalArgumentException(order);
            }
            say("done " + order);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
