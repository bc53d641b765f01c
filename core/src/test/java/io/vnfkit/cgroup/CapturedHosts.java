package io.vnfkit.cgroup;

import io.vnfkit.mount.Mountinfo;
import java.util.List;

/**
 * What hosts of many kinds say of their control groups: mountinfo, /proc/cgroups, /proc/self/cgroup,
 * cgroup.controllers.
 */
enum CapturedHosts {

    /** Debian 12, Fedora, Ubuntu 22.04 and later: version 2 only. */
    SYSTEMD_UNIFIED("""
            22 27 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw
            27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
            29 22 0:25 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
            """, """
            #subsys_name	hierarchy	num_cgroups	enabled
            cpuset	0	98	1
            cpu	0	98	1
            memory	0	98	1
            devices	0	98	1
            freezer	0	98	1
            hugetlb	0	98	1
            """, """
            0::/user.slice/user-1000.slice/session-3.scope
            """, "cpuset cpu io memory hugetlb pids rdma misc"),

    /** Ubuntu 18.04 or systemd.unified_cgroup_hierarchy=0: version 1, with an empty version 2 beside it. */
    SYSTEMD_HYBRID("""
            25 30 0:22 / /sys rw,nosuid shared:7 - sysfs sysfs rw
            30 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
            34 25 0:29 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
            35 34 0:30 / /sys/fs/cgroup/unified rw,nosuid shared:10 - cgroup2 cgroup rw,nsdelegate
            36 34 0:31 / /sys/fs/cgroup/systemd rw,nosuid shared:11 - cgroup cgroup rw,xattr,name=systemd
            39 34 0:34 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:15 - cgroup cgroup rw,cpu,cpuacct
            40 34 0:35 / /sys/fs/cgroup/cpuset rw,nosuid shared:16 - cgroup cgroup rw,cpuset,clone_children
            41 34 0:36 / /sys/fs/cgroup/devices rw,nosuid shared:17 - cgroup cgroup rw,devices
            42 34 0:37 / /sys/fs/cgroup/freezer rw,nosuid shared:18 - cgroup cgroup rw,freezer
            43 34 0:38 / /sys/fs/cgroup/hugetlb rw,nosuid shared:19 - cgroup cgroup rw,hugetlb
            """, """
            #subsys_name	hierarchy	num_cgroups	enabled
            cpuset	7	1	1
            cpu	4	64	1
            cpuacct	4	64	1
            memory	0	1	0
            devices	2	64	1
            freezer	9	1	1
            hugetlb	5	1	1
            rdma	3	1	1
            """, """
            9:freezer:/
            7:cpuset:/
            5:hugetlb:/
            4:cpu,cpuacct:/user.slice
            2:devices:/user.slice
            1:name=systemd:/user.slice/user-1000.slice/session-3.scope
            0::/user.slice/user-1000.slice/session-3.scope
            """, ""),

    /** Inside a Docker container without a cgroup namespace: read-only, and its own group at the mount point. */
    DOCKER_VERSION_1("""
            700 600 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b
            705 700 0:65 / /sys ro,nosuid - sysfs sysfs ro
            706 705 0:66 / /sys/fs/cgroup rw,nosuid - tmpfs tmpfs rw,mode=755
            707 706 0:31 /docker/8f3a /sys/fs/cgroup/systemd ro,nosuid master:11 - cgroup cgroup rw,name=systemd
            708 706 0:35 /docker/8f3a /sys/fs/cgroup/cpuset ro,nosuid master:16 - cgroup cgroup rw,cpuset
            709 706 0:36 /docker/8f3a /sys/fs/cgroup/devices ro,nosuid master:17 - cgroup cgroup rw,devices
            """, """
            #subsys_name	hierarchy	num_cgroups	enabled
            cpuset	7	3	1
            devices	2	66	1
            hugetlb	5	3	1
            """, """
            7:cpuset:/docker/8f3a
            5:hugetlb:/docker/8f3a
            2:devices:/docker/8f3a
            1:name=systemd:/docker/8f3a
            """, ""),

    /** Every hierarchy version 1 except hugetlb, which only version 2 offers; cpu and cpuacct apart. */
    HUGETLB_ONLY_IN_VERSION_2("""
            23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
            33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
            34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
            36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
            37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
            40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """, """
            #subsys_name	hierarchy	num_cgroups	enabled
            cpuset	3	1	1
            cpu	1	1	1
            cpuacct	2	1	1
            devices	5	1	1
            freezer	6	1	1
            net_cls	0	1	1
            hugetlb	0	1	1
            """, """
            3:cpuset:/
            0::/
            """, "hugetlb"),

    /**
     * Odd places: a blank in the mount point, no prefix, a hierarchy mounted twice, and one covered by a later mount.
     */
    ODD_PLACES("""
            10 1 8:1 / / rw - ext4 /dev/sda1 rw
            11 10 0:30 / /dev/cpu\\040sets rw - cgroup none rw,cpuset,noprefix,release_agent=/sbin/cpuset_release_agent
            12 10 0:31 /pods/a /mnt/part rw - cgroup cgroup rw,hugetlb,seclabel
            13 10 0:31 / /mnt/whole rw - cgroup cgroup rw,hugetlb,seclabel
            14 10 0:32 / /mnt/covered/devices rw - cgroup cgroup rw,devices
            15 10 0:40 / /mnt/covered rw - tmpfs tmpfs rw
            """, """
            #subsys_name	hierarchy	num_cgroups	enabled
            cpuset	1	1	1
            hugetlb	2	1	1
            devices	3	1	1
            pids	0	1	1
            """, "", ""),

    /** No control groups at all. */
    NONE("""
            10 1 8:1 / / rw - ext4 /dev/sda1 rw
            """, """
            #subsys_name	hierarchy	num_cgroups	enabled
            cpuset	0	1	1
            """, """
            0::/
            """, "");

    private final String mountinfo;
    private final String cgroups;
    private final String self;
    private final String controllers;

    CapturedHosts(String mountinfo, String cgroups, String self, String controllers) {
        this.mountinfo = mountinfo;
        this.cgroups = cgroups;
        this.self = self;
        this.controllers = controllers;
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    CgroupLayout layout() {
        return CgroupLayout.parse(
                Mountinfo.parse(lines(mountinfo)), lines(cgroups), lines(self), mountPoint -> controllers);
    }
}
