package io.vnfkit.examples.quickstart;

import io.vnfkit.hugetlb.HugepagePools;
import io.vnfkit.linux.Host;
import io.vnfkit.unit.PageSize;
import java.io.IOException;

/**
 * Where a VNF could leave something on the host.
 *
 * @param controlGroups control groups of the quickstart's VNFs
 * @param mounts mounts of them that the host sees
 * @param interfaces network interfaces of the host
 * @param processes processes of the quickstart's VNFs
 * @param records files in vnfkit's state directory
 * @param freeHugepages free hugepages of 2 MiB
 */
record Traces(
        long controlGroups, long mounts, long interfaces, long processes, long records, long freeHugepages) {

    static Traces find() throws IOException {
        return new Traces(
                count("find /sys/fs/cgroup -type d -path '*quickstart-*' 2>/dev/null"),
                count("grep quickstart- /proc/self/mountinfo"),
                count("ls /sys/class/net"),
                count("pgrep -f '[d]pdk-testpmd|[e]xamples.forwarder.Forwarder '"),
                count("find /run/vnfkit -name 'quickstart-*' 2>/dev/null"),
                HugepagePools.of(Host.thisHost()).pool(PageSize.MIB_2).free());
    }

    private static long count(String command) throws IOException {
        return HostCommand.run("sh", "-c", command).output().lines().count();
    }

    @Override
    public String toString() {
        return controlGroups + " control groups, " + mounts + " mounts, " + interfaces + " network interfaces, " + processes
                + " processes, " + records + " records, " + freeHugepages + " free hugepages";
    }
}
