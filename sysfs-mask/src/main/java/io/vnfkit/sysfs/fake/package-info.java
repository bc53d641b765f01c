/**
 * A whole host made of files, so that a program that uses vnfkit can be unit-tested without root and without hardware.
 *
 * <p>A test says in a few lines what machine it needs. {@link io.vnfkit.sysfs.fake.FakeHost} writes sysfs, procfs,
 * control groups and device directories as Linux 6.x shows them on such a machine, and refuses machines that cannot
 * exist. What it gives is a {@link io.vnfkit.linux.Host}, which everything in vnfkit takes in place of the real one:
 *
 * <pre>{@code
 * @Test
 * void refusesACardThatTheKernelOwns(@TempDir Path directory) {
 *     FakeHost fake = FakeHost.in(directory)
 *         .sockets(2).coresPerSocket(18).threadsPerCore(2)
 *         .memoryPerNode(Bytes.gibibytes(64))
 *         .hugepages(0, PageSize.MIB_2, 1024)
 *         .nic("0000:05:00.0", nic -> nic.intel82599().driver("vfio-pci").iommuGroup(12).node(0))
 *         .nic("0000:05:00.1", nic -> nic.intel82599().driver("ixgbe").iommuGroup(13).node(0))
 *         .isolated("2-17")
 *         .cgroups(FakeCgroups.HYBRID)
 *         .build();
 *
 *     CollectedContributions plan = CollectedContributions.of(
 *         SysfsMask.onlyGranted().pci(PciAddress.parse("0000:05:00.1")),
 *         fake.host(),
 *         Grant.NONE.withCpus(CpuSet.parse("2-5")).withMemoryNodes(NodeSet.of(0)));
 *
 *     assertThat(plan.problems()).singleElement().asString().contains("bound to the driver ixgbe");
 * }
 * }</pre>
 *
 * <p>System calls of the fake host work on its files as the kernel would: a directory made below /sys/fs/cgroup has
 * the files of a control group, a cpuset refuses CPUs that its parent lacks, a pool of huge pages grows as far as the
 * node has memory. So a test can let the manager write and look at what came of it. Calls that need a kernel, such as
 * starting a process, fail with ENOSYS.
 *
 * <p>{@link io.vnfkit.CollectedContributions} is for tests of one's own {@link io.vnfkit.VnfFeature}.
 */
package io.vnfkit.sysfs.fake;
