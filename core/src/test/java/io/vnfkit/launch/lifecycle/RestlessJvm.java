package io.vnfkit.launch.lifecycle;

import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A JVM that launches and closes one VNF after the other from some threads, and says "done" with their number. Arguments: start of
 * the names, parent group, threads, VNFs per thread.
 */
final class RestlessJvm {

    private RestlessJvm() {}

    public static void main(String[] arguments) throws Exception {
        int threads = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            String name = arguments[0] + i;
            all.add(pool.submit(() -> launchAndClose(name, Path.of(arguments[1]), rounds)));
        }
        for (Future<?> each : all) {
            each.get();
        }
        pool.shutdown();
        System.out.println("done " + threads * rounds);
    }

    private static void launchAndClose(String name, Path parent, int rounds) {
        Vnf vnf = Vnf.named(name).streams(StandardStreams.DISCARD).command("sleep", "300")
                .cgroup(cgroup -> cgroup.parent(parent).cpus(CpuSet.parse("0"))).build();
        for (int i = 0; i < rounds; i++) {
            try (RunningVnf running = VnfLauncher.onThisHost().launch(vnf)) {
                running.kill();
            }
        }
    }
}
