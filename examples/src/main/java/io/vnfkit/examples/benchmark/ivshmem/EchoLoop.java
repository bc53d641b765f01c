package io.vnfkit.examples.benchmark.ivshmem;

/** Sends back what comes. */
final class EchoLoop implements Loop {

    private final Link link;

    EchoLoop(Link link) {
        this.link = link;
    }

    @Override
    public void run(Progress progress) {
        for (long number = link.await(progress); number >= 0; number = link.await(progress)) {
            link.send(number);
        }
    }
}
