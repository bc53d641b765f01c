package io.vnfkit.ivshmem.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.linux.UnixSocketCalls.Credentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private static final int MEMORY = 99;

    private final Membership membership = new Membership(MEMORY, 0, 3, 4);

    private Member admit(Integer... eventfds) {
        return membership.admit(new Credentials(1, 0, 0), 10, List.of(eventfds), Instant.EPOCH);
    }

    private static List<Message> take(Member member) {
        List<Message> taken = new ArrayList<>();
        while (!member.outbound().isEmpty()) {
            taken.add(member.outbound().next());
            member.outbound().sent();
        }
        return taken;
    }

    private static Message plain(int value) {
        return Message.plain(value);
    }

    @Test
    void aGreetingHasVersionIdMemoryTheOthersAndThenTheClientsOwn() {
        admit(20, 21);
        Member second = admit(30);

        assertThat(take(second)).containsExactly(plain(0), plain(1), new Message(-1, MEMORY), new Message(0, 20),
                new Message(0, 21), new Message(1, 30));
    }

    @Test
    void theOthersAreToldWhoJoinsAndLeaves() {
        Member first = admit(20);
        take(first);
        Member second = admit(30, 31);

        assertThat(take(first)).containsExactly(new Message(1, 30), new Message(1, 31));
        membership.remove(second);
        assertThat(take(first)).containsExactly(plain(1));
        assertThat(membership.members()).containsExactly(first);
    }

    @Test
    void whoLeavesBeforeAnybodyWasToldIsNotMentioned() {
        Member first = admit(20);
        take(first);
        Member second = admit(30, 31);
        membership.remove(second);

        assertThat(take(first)).isEmpty();
    }

    @Test
    void whoLeavesInTheMiddleOfBeingAnnouncedIsNotAnnouncedFurther() {
        Member first = admit(20);
        take(first);
        Member second = admit(30, 31);
        first.outbound().sent();
        membership.remove(second);

        assertThat(take(first)).containsExactly(plain(1));
    }

    @Test
    void anIdIsNeverGivenTwice() {
        for (int i = 0; i < 100; i++) {
            Member member = admit(20);
            assertThat(member.id()).isEqualTo(i);
            membership.remove(member);
        }
    }

    @Test
    void idsAndPlacesRunOut() {
        Membership last = new Membership(MEMORY, 65_535, 2, 4);
        assertThat(last.refusal()).isEmpty();
        Member member = last.admit(new Credentials(1, 0, 0), 10, List.of(20), Instant.EPOCH);
        assertThat(member.id()).isEqualTo(65_535);
        last.remove(member);
        assertThat(last.refusal()).contains(Refusal.IDS_EXHAUSTED);

        admit(20);
        admit(20);
        assertThat(membership.refusal()).isEmpty();
        admit(20);
        assertThat(membership.refusal()).contains(Refusal.FULL);
    }

    @Test
    void aClientThatTakesNothingIsFullAfterItsGreetingAndTheLimit() {
        Member first = admit(20);
        admit(30, 31, 32, 33);
        assertThat(first.outbound().isFull()).isFalse();
        admit(40);
        assertThat(first.outbound().isFull()).isTrue();
        assertThat(first.view().waiting()).isEqualTo(4 + 5);
    }
}
