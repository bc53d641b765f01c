package io.vnfkit.sysfs;

/**
 * The virtual functions of a device that can do SR-IOV.
 *
 * @param enabled how many there are now ({@code sriov_numvfs})
 * @param supported how many there can be ({@code sriov_totalvfs})
 */
public record VirtualFunctions(int enabled, int supported) {}
