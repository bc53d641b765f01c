/**
 * Messages of bytes from one producer to one consumer, through a ring in a region
 * ({@link io.vnfkit.ivshmem.message.MessageRing}). No message is lost, and none is seen before it is whole, whichever
 * side is killed and whenever.
 */
package io.vnfkit.ivshmem.message;
