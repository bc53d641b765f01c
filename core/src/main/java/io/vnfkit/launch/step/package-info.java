/**
 * The steps of a launch as data. Where a step happens is its type: {@link io.vnfkit.launch.step.HostStep} in the JVM on
 * the host, {@link io.vnfkit.launch.step.SupervisorStep} in the init process that stays on the host, and
 * {@link io.vnfkit.launch.step.VnfStep} in the process that becomes the VNF.
 */
package io.vnfkit.launch.step;
