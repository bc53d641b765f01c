/**
 * What the tests of all modules share: conditions that say by name what a machine lacks, recorded system calls, and a
 * check that nothing is left behind. Shipped as the test jar of core.
 */
package io.vnfkit.testing;
