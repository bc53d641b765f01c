/**
 * Messages of bytes from one producer to one consumer, through a ring in a region
 * ({@link io.vnfkit.ivshmem.message.MessageRing}). A message is seen whole or not at all, also if its producer is killed;
 * after the death of a consumer the messages of its last batch come again.
 */
package io.vnfkit.ivshmem.message;
