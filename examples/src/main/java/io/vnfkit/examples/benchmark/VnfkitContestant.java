package io.vnfkit.examples.benchmark;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The library in this JVM: planning, launching, closing. */
final class VnfkitContestant implements Contestant {

    private final VnfLauncher launcher = VnfLauncher.onThisHost();
    private final Vnf vnf;
    private long returned;

    VnfkitContestant(LaunchScene scene) {
        this.vnf = scene.vnf("benchmark-vnfkit");
    }

    @Override
    public String name() {
        return "vnfkit";
    }

    @Override
    public LaunchTiming launch() throws IOException {
        long start = System.nanoTime();
        RunningVnf running = launcher.launch(vnf);
        returned = System.nanoTime() - start;
        long first;
        long arrived;
        long closing;
        try (running) {
            byte[] message = running.standardOutput().readNBytes(LaunchScene.MESSAGE_SIZE);
            arrived = System.nanoTime() - start;
            first = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder()).getLong() - start;
            closing = System.nanoTime();
            running.onExit().join();
        }
        return new LaunchTiming(first, arrived, System.nanoTime() - closing);
    }

    /** When {@code launch()} returned, of the last launch. */
    long returned() {
        return returned;
    }
}
