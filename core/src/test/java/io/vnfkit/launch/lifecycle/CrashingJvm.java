package io.vnfkit.launch.lifecycle;

import io.vnfkit.OnJvmExit;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PageSize;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;

/**
 * A JVM of its own that launches and closes a VNF and kills itself right before the n-th system call that changes something on the
 * host. Says the name of each such call that it makes.
 *
 * <p>Arguments: name, interface, {@link OnJvmExit}, n.
 */
final class CrashingJvm {

    /** Between two of these a crash leaves the same behind, wherever it happens; while the JVM reads, the init works. */
    private static final Set<String> CHANGES =
            Set.of("mkdir", "rmdir", "unlink", "open", "write", "ftruncate", "spawn", "read", "mount", "umount", "bpf");

    private static String name;
    private static int number;

    private CrashingJvm() {}

    public static void main(String[] arguments) {
        name = arguments[0];
        int fatal = Integer.parseInt(arguments[3]);
        Syscalls syscalls = (Syscalls) Proxy.newProxyInstance(CrashingJvm.class.getClassLoader(), new Class<?>[] {Syscalls.class},
                (proxy, method, values) -> {
                    if (isChange(method.getName(), values) && Thread.currentThread().getName().equals("main")) {
                        beforeChange(method.getName(), values, fatal);
                    }
                    try {
                        return method.invoke(Syscalls.host(), values);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
        Host host = Host.of(KernelFiles.below(Path.of("/"), syscalls), syscalls);
        try (RunningVnf running = VnfLauncher.on(host).launch(vnf(arguments))) {
            System.out.println("launched " + running.pid());
        }
        System.out.println("closed");
    }

    private static boolean isChange(String call, Object[] values) {
        return CHANGES.contains(call) && (!call.equals("open") || ((int) values[1] & LinuxConstants.O_CREAT) != 0);
    }

    private static void beforeChange(String call, Object[] values, int fatal) {
        // What crashed launches of others have left is taken away first.
        if (number == 0 && !String.valueOf(values[0]).contains(name)) {
            return;
        }
        number++;
        if (number == fatal) {
            Syscalls.host().pidfdSendSignal(Syscalls.host().pidfdOpen((int) ProcessHandle.current().pid()), 9);
        }
        System.out.println(call + " " + (values[0] instanceof Path ? values[0] : ""));
    }

    static Vnf vnf(String[] arguments) {
        return Vnf.named(arguments[0]).onJvmExit(OnJvmExit.valueOf(arguments[2]))
                .cgroup(cgroup -> cgroup.cpus(CpuSet.parse("0")).hugetlb(PageSize.MIB_2, Bytes.mebibytes(2)).allowAllDevices())
                .namespaces(namespaces -> namespaces.networkInterface(NetworkInterface.veth("eth0", arguments[1])))
                .with(SharedDirectory.tmpfs(arguments[0]))
                .command("sh", "-c", "trap '' TERM; while :; do sleep 300; done").build();
    }
}
