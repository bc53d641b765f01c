package io.vnfkit.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.linux.KernelFiles;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each condition against a made-up machine. */
class RequirementsTest {

    /** Carries the annotations that the tests hand to the conditions. */
    @RequiresRoot
    @RequiresIommu
    @RequiresGuestKernel
    @RequiresVfioDevice
    @RequiresModule("vfio-pci")
    @RequiresSecurityModule("apparmor")
    @RequiresCommand(value = {"crun", "runc"}, debianPackage = "crun runc")
    @RequiresLibrary(value = "librte_eal.so.23", debianPackage = "librte-eal23")
    @RequiresFreeHugepages(size = "2M", count = 4)
    @RequiresCgroup(version = 1, controller = "cpuset")
    private static final class Asking {}

    @RequiresCgroup(version = 2, controller = "hugetlb")
    @RequiresSecurityModule("selinux")
    private static final class AskingOtherwise {}

    @RequiresCgroup(version = 2)
    private static final class AskingForHierarchy {}

    private static final String HYBRID = """
            30 29 0:26 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset,cpu
            31 29 0:27 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup rw
            """;

    @TempDir
    private Path root;

    @Test
    void rootIsTheEffectiveUser() throws IOException {
        put("/proc/self/status", "Name:\tx\nUid:\t0\t1000\t0\t0\n");
        assertThat(missing(new RequiresRoot.Condition(), RequiresRoot.class)).contains("root");
        put("/proc/self/status", "Name:\tx\nUid:\t1000\t0\t0\t0\n");
        assertThat(missing(new RequiresRoot.Condition(), RequiresRoot.class)).isEmpty();
    }

    @Test
    void anIommuHasGroups() throws IOException {
        assertThat(missing(new RequiresIommu.Condition(), RequiresIommu.class)).contains("IOMMU");
        put("/sys/kernel/iommu_groups/0/type", "DMA\n");
        assertThat(missing(new RequiresIommu.Condition(), RequiresIommu.class)).isEmpty();
    }

    @Test
    void aGuestKernelHasAnImageOfTheReleaseOfItsModules() throws IOException {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getenv("HOME") + "/.cache")
                + "/vnfkit-lab/kernel";
        put(cache + "/lib/modules/6.1.0/modules.dep", "kernel/a/vfio-pci.ko: kernel/b/vfio.ko kernel/c/irqbypass.ko\n"
                + "kernel/b/vfio.ko:\nkernel/d/vfio_iommu_type1.ko.xz: kernel/b/vfio.ko\n");
        assertThat(missing(new RequiresGuestKernel.Condition(), RequiresGuestKernel.class)).contains("guest kernel");
        put(cache + "/boot/vmlinuz-6.1.0", "");
        assertThat(missing(new RequiresGuestKernel.Condition(), RequiresGuestKernel.class)).isEmpty();

        GuestKernel kernel = GuestKernel.find(KernelFiles.below(root)).orElseThrow();

        assertThat(kernel.moduleFiles(List.of("vfio_pci", "vfio_iommu_type1")))
                .extracting(file -> file.getFileName().toString())
                .containsExactly("irqbypass.ko", "vfio.ko", "vfio-pci.ko", "vfio_iommu_type1.ko.xz");
    }

    @Test
    void aVfioDeviceIsALinkBelowTheDriver() throws IOException {
        put("/sys/bus/pci/drivers/vfio-pci/bind", "");
        assertThat(missing(new RequiresVfioDevice.Condition(), RequiresVfioDevice.class)).contains("VFIO device");
        put("/sys/bus/pci/drivers/vfio-pci/0000:05:00.0", "");
        assertThat(missing(new RequiresVfioDevice.Condition(), RequiresVfioDevice.class)).isEmpty();
    }

    @Test
    void aModuleIsLoadedOrBuiltIn() throws IOException {
        put("/proc/sys/kernel/osrelease", "6.1.0\n");
        assertThat(missing(new RequiresModule.Condition(), RequiresModule.class)).contains("module vfio-pci");
        put("/lib/modules/6.1.0/modules.builtin", "kernel/drivers/vfio/pci/vfio-pci.ko\n");
        assertThat(missing(new RequiresModule.Condition(), RequiresModule.class)).isEmpty();
        Files.delete(root.resolve("lib/modules/6.1.0/modules.builtin"));
        put("/sys/module/vfio_pci/refcnt", "0\n");
        assertThat(missing(new RequiresModule.Condition(), RequiresModule.class)).isEmpty();
    }

    @Test
    void aSecurityModuleIsListedOrShowsItself() throws IOException {
        assertThat(missing(new RequiresSecurityModule.Condition(), RequiresSecurityModule.class))
                .contains("security module apparmor");
        put("/sys/module/apparmor/parameters/enabled", "Y\n");
        assertThat(missing(new RequiresSecurityModule.Condition(), RequiresSecurityModule.class)).isEmpty();
        put("/sys/kernel/security/lsm", "capability,yama\n");
        assertThat(missing(new RequiresSecurityModule.Condition(), RequiresSecurityModule.class)).isPresent();
        put("/sys/kernel/security/lsm", "capability,apparmor\n");
        assertThat(missing(new RequiresSecurityModule.Condition(), RequiresSecurityModule.class)).isEmpty();
        assertThat(missing(new RequiresSecurityModule.Condition(), RequiresSecurityModule.class, AskingOtherwise.class))
                .contains("security module selinux");
    }

    @Test
    void theFirstMissingCommandIsNamed() throws IOException {
        assertThat(missing(new RequiresCommand.Condition(), RequiresCommand.class)).contains("command crun");
        put("/usr/sbin/crun", "");
        assertThat(missing(new RequiresCommand.Condition(), RequiresCommand.class)).contains("command crun");
        assertThat(root.resolve("usr/sbin/crun").toFile().setExecutable(true)).isTrue();
        assertThat(missing(new RequiresCommand.Condition(), RequiresCommand.class)).contains("command runc");
        put("/usr/sbin/runc", "");
        assertThat(root.resolve("usr/sbin/runc").toFile().setExecutable(true)).isTrue();
        assertThat(missing(new RequiresCommand.Condition(), RequiresCommand.class)).isEmpty();
    }

    @Test
    void aLibraryIsLookedForInTheUsualDirectories() throws IOException {
        assertThat(missing(new RequiresLibrary.Condition(), RequiresLibrary.class))
                .contains("library librte_eal.so.23");
        put("/usr/lib/x86_64-linux-gnu/librte_eal.so.23", "");
        assertThat(missing(new RequiresLibrary.Condition(), RequiresLibrary.class)).isEmpty();
    }

    @Test
    void reservedHugepagesAreNotFree() throws IOException {
        assertThat(missing(new RequiresFreeHugepages.Condition(), RequiresFreeHugepages.class))
                .contains("free hugepages of 2MiB");
        put("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "5\n");
        put("/sys/kernel/mm/hugepages/hugepages-2048kB/resv_hugepages", "2\n");
        assertThat(missing(new RequiresFreeHugepages.Condition(), RequiresFreeHugepages.class)).isPresent();
        put("/sys/kernel/mm/hugepages/hugepages-2048kB/resv_hugepages", "1\n");
        assertThat(missing(new RequiresFreeHugepages.Condition(), RequiresFreeHugepages.class)).isEmpty();
    }

    @Test
    void aControllerBelongsToAHierarchyOfItsVersion() throws IOException {
        put("/proc/self/mountinfo", HYBRID);
        put("/sys/fs/cgroup/unified/cgroup.controllers", "memory pids\n");
        assertThat(missing(new RequiresCgroup.Condition(), RequiresCgroup.class)).isEmpty();
        assertThat(missing(new RequiresCgroup.Condition(), RequiresCgroup.class, AskingOtherwise.class))
                .contains("cgroup v2 hugetlb");
        assertThat(missing(new RequiresCgroup.Condition(), RequiresCgroup.class, AskingForHierarchy.class)).isEmpty();
        put("/sys/fs/cgroup/unified/cgroup.controllers", "memory hugetlb\n");
        assertThat(missing(new RequiresCgroup.Condition(), RequiresCgroup.class, AskingOtherwise.class)).isEmpty();
        put("/proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda rw\n");
        assertThat(missing(new RequiresCgroup.Condition(), RequiresCgroup.class)).contains("cgroup v1 cpuset");
        assertThat(missing(new RequiresCgroup.Condition(), RequiresCgroup.class, AskingForHierarchy.class))
                .contains("cgroup v2");
    }

    private <A extends Annotation> Optional<String> missing(Requirement<A> condition, Class<A> annotation) {
        return missing(condition, annotation, Asking.class);
    }

    private <A extends Annotation> Optional<String> missing(
            Requirement<A> condition, Class<A> annotation, Class<?> carrier) {
        Optional<Missing> missing = condition.missing(carrier.getAnnotation(annotation), KernelFiles.below(root));
        missing.ifPresent(what -> assertThat(what.cure()).isNotBlank());
        return missing.map(Missing::thing);
    }

    private void put(String path, String content) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
