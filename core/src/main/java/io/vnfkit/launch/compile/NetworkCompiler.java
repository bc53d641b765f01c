package io.vnfkit.launch.compile;

import io.vnfkit.launch.step.NetworkStep;
import io.vnfkit.launch.step.NetworkStep.ConfigureInterface;
import io.vnfkit.launch.step.NetworkStep.LoopbackUp;
import io.vnfkit.launch.step.NetworkStep.RemoveInterface;
import io.vnfkit.launch.step.NetworkStep.RequireUnusedName;
import io.vnfkit.namespace.NetworkInterface;
import java.util.List;
import java.util.Optional;

/** Interfaces inside the VNF's network namespace. */
final class NetworkCompiler {

    private final Assembly assembly;
    private Rtnetlink socket;

    NetworkCompiler(Assembly assembly) {
        this.assembly = assembly;
    }

    void compile(NetworkStep step) {
        if (socket == null) {
            // Stays open until execve closes it: the steps that need it are few and come one after the other.
            socket = Rtnetlink.open(assembly, assembly.slot("rtnetlink"));
        }
        if (step instanceof LoopbackUp) {
            socket.configure("lo", List.of(), Optional.empty());
        } else if (step instanceof RequireUnusedName require) {
            socket.requireUnused(require.name());
        } else if (step instanceof RemoveInterface remove) {
            socket.remove(remove.name(), remove.address());
        } else if (step instanceof ConfigureInterface configure) {
            NetworkInterface networkInterface = configure.networkInterface();
            socket.configure(networkInterface.name(), networkInterface.addresses(), networkInterface.mtu());
        } else {
            throw new IllegalStateException("no compiler for " + step);
        }
    }
}
