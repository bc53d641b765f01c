package io.vnfkit.launch.step;

/** A step of the process that becomes the VNF. */
public sealed interface VnfStep extends Step permits IsolationStep, FileTreeStep, NetworkStep, RightsStep {}
