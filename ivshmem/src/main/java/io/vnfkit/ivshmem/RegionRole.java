package io.vnfkit.ivshmem;

/** One side of an object, held through a region. */
final class RegionRole implements Role {

    private final Region region;
    private final int object;
    private final Side side;

    RegionRole(Region region, int object, Side side) {
        this.region = region;
        this.object = object;
        this.side = side;
    }

    int object() {
        return object;
    }

    Side side() {
        return side;
    }

    @Override
    public boolean isPeerPresent() {
        return region.isTaken(object, side == Side.PRODUCER ? Side.CONSUMER : Side.PRODUCER);
    }

    @Override
    public void close() {
        region.giveUp(this);
    }
}
