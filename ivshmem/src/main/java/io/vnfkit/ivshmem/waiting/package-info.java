/**
 * How a consumer waits for what another process puts into a region ({@link io.vnfkit.ivshmem.waiting.Waiter}): by looking
 * again and again, by looking more and more seldom, or asleep until a doorbell rings. Every wait comes to an end, and says
 * which.
 */
package io.vnfkit.ivshmem.waiting;
