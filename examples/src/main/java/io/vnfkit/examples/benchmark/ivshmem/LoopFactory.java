package io.vnfkit.examples.benchmark.ivshmem;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jctools.queues.SpscArrayQueue;

/** Makes loops from words: the CPU, what it does, the ring or rings, and a number. */
final class LoopFactory {

    private static final int QUEUE = 1024;

    private final SharedMemory memory;
    private final Map<String, SpscArrayQueue<Long>> queues = new HashMap<>();

    LoopFactory(SharedMemory memory) {
        this.memory = memory;
    }

    LoopThread make(String[] words) throws IOException {
        Loop loop = words.length == 5
                ? loop(words[1], words[2], words[3], Integer.parseInt(words[4]))
                : loop(words[1], words[2], Integer.parseInt(words[3]));
        return new LoopThread(PinnedThread.on(Integer.parseInt(words[0])), loop);
    }

    /** In one direction; the number is the length of messages, or the most elements or messages of a batch. */
    private Loop loop(String kind, String ring, int number) {
        return switch (kind) {
            case "message-offer" -> new MessageLoops.Offer(memory.messages(ring).producer(), number);
            case "message-claim" -> new MessageLoops.Claim(memory.messages(ring).producer(), number);
            case "message-read" -> new MessageLoops.Read(memory.messages(ring).consumer(), number);
            case "agrona-write" -> new AgronaLoops.Write(memory.agrona(ring), number);
            case "agrona-claim" -> new AgronaLoops.Claim(memory.agrona(ring), number);
            case "agrona-read" -> new AgronaLoops.Read(memory.agrona(ring), number);
            case "ring-put" -> new RingLoops.Put(memory.ring(ring).producer(), number);
            case "ring-take" -> new RingLoops.Take(memory.ring(ring).consumer(), number);
            case "jctools-put" -> new JctoolsLoops.Put(queue(ring), number);
            case "jctools-take" -> new JctoolsLoops.Take(queue(ring), number);
            default -> throw new IllegalArgumentException("no loop " + kind);
        };
    }

    /** There and back; the number is the length of messages. */
    private Loop loop(String kind, String there, String back, int number) {
        return switch (kind) {
            case "message-ping" -> new RoundTripLoop(new Links.Message(memory, there, back, number));
            case "message-pong" -> new EchoLoop(new Links.Message(memory, back, there, number));
            case "agrona-ping" -> new RoundTripLoop(new Links.Agrona(memory, there, back, number));
            case "agrona-pong" -> new EchoLoop(new Links.Agrona(memory, back, there, number));
            case "ring-ping" -> new RoundTripLoop(new Links.Ring(memory, there, back));
            case "ring-pong" -> new EchoLoop(new Links.Ring(memory, back, there));
            default -> throw new IllegalArgumentException("no loop " + kind);
        };
    }

    private SpscArrayQueue<Long> queue(String name) {
        return queues.computeIfAbsent(name, absent -> new SpscArrayQueue<>(QUEUE));
    }
}
