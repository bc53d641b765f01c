package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.linux.Errno;
import io.vnfkit.testing.RequiresLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the core refuses by itself, whatever Java has checked before: numbers that DPDK would take for others. */
@Timeout(150)
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
class NativeContractTest {

    private static final String DEVICE = "net_null9";
    private static final int CUT_OFF = 0x10000;
    private static final int TASK_SIZE = 1200;
    private static final int RING = 1;
    private static final int CHANNEL = 2;
    private static final int PORT = 0;

    /** struct vnfkit_endpoint. */
    private record End(int kind, int id, int queue) {}

    private final Forwarder forwarder = TestEal.get().forwarder();
    private final ByteBuffer statistics = direct(384);
    private int pool;
    private int port;
    private int ring;

    @BeforeEach
    void makeAPortWithThreeReceiveAndTwoTransmitQueues() {
        pool = forwarder.createPool("contract", 1023, 0, 2048, 0);
        ring = forwarder.createRing("contract", 64, 0, true, true);
        forwarder.plugDevice(DEVICE, "size=64,copy=0");
        port = forwarder.findPort(DEVICE);
        forwarder.configurePort(port, configuration(3, 2, 0));
    }

    @AfterEach
    void takeItAway() {
        forwarder.unplugDevice(DEVICE);
        forwarder.freeRing(ring);
        forwarder.freePool(pool);
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    private ByteBuffer configuration(int receiveQueues, int transmitQueues, int mtu) {
        return direct(40).putInt(0, receiveQueues).putInt(4, transmitQueues).putInt(16, mtu).putInt(20, pool);
    }

    private void createAndFreeTask(End input, End output) {
        forwarder.freeTask(createTask(input, output));
    }

    private int createTask(End input, End output) {
        ByteBuffer task = direct(TASK_SIZE).putInt(68, 32).putInt(72, 1).putInt(76, 1).putInt(80, 1);
        // To a multiple of a cache line, as the core demands.
        long address = forwarder.addressOf(statistics) + 63 & -64;
        task.putLong(96, address);
        put(task, 176, input);
        put(task, 688, output);
        return forwarder.createTask(task);
    }

    private static void put(ByteBuffer task, int at, End end) {
        task.putInt(at, end.kind()).putInt(at + 4, end.id()).putInt(at + 8, end.queue());
    }

    private static void assertRefused(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DpdkException.class,
                refusal -> assertThat(refusal.number()).isEqualTo(errno.number()));
    }

    @Test
    void aTaskGetsTheQueuesThatThePortHas() {
        End in = new End(PORT, port, 2);
        End out = new End(PORT, port, 1);
        End between = new End(RING, ring, 0);

        createAndFreeTask(in, out);
        createAndFreeTask(between, between);
        for (int queue : new int[] {3, 63, CUT_OFF, -1}) {
            assertRefused(Errno.EINVAL, () -> createAndFreeTask(new End(PORT, port, queue), out));
        }
        for (int queue : new int[] {2, 3, CUT_OFF, -1}) {
            assertRefused(Errno.EINVAL, () -> createAndFreeTask(in, new End(PORT, port, queue)));
        }
        assertRefused(Errno.EBADF, () -> createAndFreeTask(new End(RING, ring + 1, 0), between));
        assertRefused(Errno.EBADF, () -> createAndFreeTask(between, new End(RING, -1, 0)));
        assertRefused(Errno.EINVAL, () -> createAndFreeTask(new End(3, port, 0), between));
    }

    @Test
    void noNumberIsTakenForThatOfAPortByItsLowBits() {
        for (int id : new int[] {port + 1, port + CUT_OFF, port - CUT_OFF, -1}) {
            assertRefused(Errno.ENODEV, () -> createAndFreeTask(new End(PORT, id, 0), new End(PORT, port, 0)));
            assertRefused(Errno.ENODEV, () -> createAndFreeTask(new End(PORT, port, 0), new End(PORT, id, 0)));
            assertRefused(Errno.ENODEV, () -> forwarder.configurePort(id, configuration(1, 1, 0)));
            assertRefused(Errno.ENODEV, () -> forwarder.startPort(id));
            assertRefused(Errno.ENODEV, () -> forwarder.stopPort(id));
            assertRefused(Errno.ENODEV, () -> forwarder.releasePort(id));
            assertRefused(Errno.ENODEV, () -> forwarder.closePort(id));
            assertRefused(Errno.ENODEV, () -> forwarder.portInfo(id, direct(216)));
            assertRefused(Errno.ENODEV, () -> forwarder.setPortMac(id, direct(6)));
            assertRefused(Errno.ENODEV, () -> forwarder.setPortPromiscuous(id, true));
            assertRefused(Errno.ENODEV, () -> forwarder.portStatistics(id, direct(64)));
            assertRefused(Errno.ENODEV, () -> forwarder.portExtendedStatistics(id, direct(72), 1));
            assertRefused(Errno.ENODEV, () -> forwarder.resetPortStatistics(id));
        }
    }

    @Test
    void channelsAreThoseThatAreOpen() {
        for (int handle : new int[] {0, 255, 256, CUT_OFF, -1}) {
            assertRefused(Errno.EBADF, () -> forwarder.closeChannel(handle));
            assertRefused(Errno.EBADF, () -> forwarder.restartChannel(handle));
            assertRefused(Errno.EBADF, () -> forwarder.poolOfChannel(handle));
            assertRefused(Errno.EBADF, () -> forwarder.channelInfo(handle, direct(32)));
            assertRefused(Errno.EBADF, () -> createAndFreeTask(new End(CHANNEL, handle, 0), new End(RING, ring, 0)));
            assertRefused(Errno.EBADF, () -> createAndFreeTask(new End(RING, ring, 0), new End(CHANNEL, handle, 0)));
        }
        assertRefused(Errno.EINVAL, () -> forwarder.openChannel(direct(144)));
    }

    @Test
    void theEalIsNotStoppedUnderATask() {
        End end = new End(RING, ring, 0);
        for (int lcore : new int[] {0, 1}) {
            int task = createTask(end, end);
            forwarder.startTask(task, lcore);
            assertRefused(Errno.EBUSY, forwarder::stopEal);
            forwarder.stopTask(task);
            forwarder.freeTask(task);
        }
    }

    @Test
    void aRetiredPoolIsFreedWhenItsMbufsAreBack() {
        long before = forwarder.heap(0).free();
        int other = forwarder.createPool("retired", 1023, 0, 2048, 0);
        long taken = before - forwarder.heap(0).free();
        forwarder.fillRing(ring, other, 10, direct(60));

        assertThat(forwarder.retirePool(other)).isEqualTo(10);
        assertRefused(Errno.EBADF, () -> forwarder.availableInPool(other));
        assertThat(before - forwarder.heap(0).free()).isEqualTo(taken);
        assertThat(forwarder.drainRing(ring)).isEqualTo(10);
        forwarder.freePool(forwarder.createPool("another", 1023, 0, 2048, 0));
        assertThat(forwarder.heap(0).free()).isEqualTo(before);
    }

    @Test
    void aRetiredPoolThatIsFullIsFreedAtOnce() {
        long before = forwarder.heap(0).free();
        assertThat(forwarder.retirePool(forwarder.createPool("retired", 1023, 0, 2048, 0))).isZero();
        assertThat(forwarder.heap(0).free()).isEqualTo(before);
    }

    @Test
    void aReleasedPortHasNoQueuesAndCanBeConfiguredAgain() {
        forwarder.startPort(port);
        assertRefused(Errno.EBUSY, () -> forwarder.releasePort(port));
        forwarder.stopPort(port);
        forwarder.releasePort(port);
        assertRefused(Errno.EINVAL, () -> createAndFreeTask(new End(PORT, port, 0), new End(PORT, port, 0)));
        forwarder.configurePort(port, configuration(3, 2, 0));
        forwarder.startPort(port);
        createAndFreeTask(new End(PORT, port, 2), new End(PORT, port, 1));
        forwarder.stopPort(port);
    }

    @Test
    void whatDoesNotFitIntoSixteenBitsIsNotCutOff() {
        assertRefused(Errno.EINVAL, () -> forwarder.configurePort(port, configuration(CUT_OFF + 1, 1, 0)));
        assertRefused(Errno.EINVAL, () -> forwarder.configurePort(port, configuration(1, CUT_OFF + 1, 0)));
        assertRefused(Errno.EINVAL, () -> forwarder.configurePort(port, configuration(1, 1, CUT_OFF + 1500)));
        forwarder.configurePort(port, configuration(1, 1, 0));
    }
}
