/**
 * Describe a VNF, plan its launch, launch it, hold it.
 *
 * <p>Start at {@link io.vnfkit.Vnf} (the description) and {@link io.vnfkit.VnfLauncher} (the place where it runs).
 */
package io.vnfkit;
