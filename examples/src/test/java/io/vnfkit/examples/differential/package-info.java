/**
 * The same intent given to vnfkit and to OCI runtimes ends in the same state, but for differences that are listed with
 * reasons.
 */
package io.vnfkit.examples.differential;
