package io.vnfkit.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.Problem;
import io.vnfkit.unit.NodeSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SecurityDescriptionTest {

    private static final Set<Capability> RAW = Set.of(Capability.NET_RAW);
    private static final Set<Capability> NONE = Set.of();

    private static List<String> problems(Consumer<SecurityDescription.Builder> description) {
        SecurityDescription.Builder builder = SecurityDescription.builder();
        description.accept(builder);
        return builder.build().problems().stream().map(Problem::what).toList();
    }

    @Test
    void theDefaultSuitsDpdkAndCannotGainRights() {
        SecurityDescription description = SecurityDescription.builder().build();

        assertThat(description.noNewPrivileges()).isTrue();
        assertThat(description.user()).isEqualTo(UserIdentity.ROOT);
        assertThat(description.capabilities().permitted()).containsExactlyInAnyOrder(Capability.NET_RAW,
                Capability.NET_ADMIN,
                Capability.IPC_LOCK, Capability.SYS_NICE, Capability.DAC_OVERRIDE);
        assertThat(description.capabilities().inheritable()).isEmpty();
        assertThat(description.problems()).isEmpty();
    }

    @Test
    void theBoundingSetLimitsPermittedAndInheritable() {
        CapabilitySets unbounded = new CapabilitySets(RAW, RAW, RAW, NONE, NONE);

        assertThat(problems(rights -> rights.capabilities(unbounded))).hasSize(2)
                .allMatch(text -> text.contains("outside the bounding set"));
    }

    @Test
    void aUserOtherThanRootKeepsOnlyAmbientCapabilities() {
        assertThat(problems(rights -> rights.user(1000, 1000))).isEmpty();
        assertThat(problems(rights -> rights.user(1000, 1000).capabilities(CapabilitySets.NONE))).isEmpty();
        assertThat(problems(rights -> rights.user(1000, 1000).capabilities(CapabilitySets.of(Capability.NET_RAW))))
                .singleElement().asString().contains("user 1000 would lose capabilities");
        assertThat(problems(rights -> rights.user(1000, 1000).capabilities(CapabilitySets.of(Capability.NET_RAW)
                .keptForOtherUsers())))
                .isEmpty();
        Set<Capability> two = Set.of(Capability.NET_RAW, Capability.KILL);
        assertThat(problems(rights -> rights.user(1000, 1000)
                .capabilities(new CapabilitySets(RAW, two, two, two, RAW))))
                .singleElement().asString().contains("would lose");
        assertThat(problems(rights -> rights.user(1000, 1000)
                .capabilities(new CapabilitySets(RAW, two, two, two, two))))
                .singleElement().asString().contains("all become effective");
    }

    @Test
    void setsOfRootThatExecveWouldChangeAreRefused() {
        assertThat(problems(rights -> rights.capabilities(new CapabilitySets(NONE, RAW, NONE, RAW, NONE))))
                .singleElement().asString().contains("all become effective");
        CapabilitySets more = new CapabilitySets(RAW, RAW, NONE, Set.of(Capability.NET_RAW, Capability.KILL), NONE);
        assertThat(problems(rights -> rights.capabilities(more))).isEmpty();
        assertThat(problems(rights -> rights.capabilities(more).allowNewPrivileges())).singleElement().asString()
                .contains("gains the whole bounding set");
    }

    @Test
    void setsContainEachOther() {
        assertThatThrownBy(() -> new CapabilitySets(RAW, NONE, NONE, RAW, NONE)).hasMessageContaining("effective")
                .hasMessageContaining("{NET_RAW} are not all permitted: {}");
        assertThatThrownBy(() -> new CapabilitySets(NONE, NONE, RAW, RAW, RAW))
                .hasMessageContaining("not all permitted");
        assertThatThrownBy(() -> new CapabilitySets(NONE, RAW, NONE, RAW, RAW))
                .hasMessageContaining("not all inheritable");
    }

    @Test
    void capabilitiesHaveTheKernelsNumbers() {
        assertThat(Capability.CHOWN.number()).isZero();
        assertThat(Capability.NET_RAW.number()).isEqualTo(13);
        assertThat(Capability.SYS_ADMIN.number()).isEqualTo(21);
        assertThat(Capability.CHECKPOINT_RESTORE.number()).isEqualTo(40);
        assertThat(CapabilitySets.mask(Set.of(Capability.CHOWN, Capability.BPF))).isEqualTo(1L | 1L << 39);
    }

    @Test
    void addedCapabilitiesAreEffectivePermittedAndBounding() {
        CapabilitySets sets = CapabilitySets.of(Capability.NET_RAW).plus(Capability.KILL, Capability.NET_RAW);

        assertThat(sets).isEqualTo(CapabilitySets.of(Capability.KILL, Capability.NET_RAW));
        assertThat(sets).hasToString("effective {KILL,NET_RAW} permitted {KILL,NET_RAW} inheritable {} bounding "
                + "{KILL,NET_RAW} ambient {}");
    }

    @Test
    void aLimitIsNeverAboveItsHardLimit() {
        assertThatThrownBy(() -> new ResourceLimit(ResourceLimit.Kind.NOFILE, 11, 10))
                .hasMessage("NOFILE: soft limit 11 is above hard limit 10");
        assertThatThrownBy(() -> new ResourceLimit(ResourceLimit.Kind.CORE, ResourceLimit.UNLIMITED, 10))
                .hasMessageContaining("above");
        assertThat(new ResourceLimit(ResourceLimit.Kind.MEMLOCK, 4096, ResourceLimit.UNLIMITED))
                .hasToString("MEMLOCK 4096:unlimited");
    }

    @Test
    void limitsHaveTheKernelsNumbersAndTheLastWordCounts() {
        assertThat(ResourceLimit.Kind.NOFILE.ordinal()).isEqualTo(7);
        assertThat(ResourceLimit.Kind.MEMLOCK.ordinal()).isEqualTo(8);
        assertThat(ResourceLimit.Kind.RTTIME.ordinal()).isEqualTo(15);
        assertThat(SecurityDescription.builder().resourceLimit(ResourceLimit.Kind.MEMLOCK, 1)
                .resourceLimit(ResourceLimit.Kind.CORE, 0)
                .resourceLimit(ResourceLimit.Kind.MEMLOCK, 2, 3).build().resourceLimits())
                .containsExactly(new ResourceLimit(ResourceLimit.Kind.CORE, 0, 0),
                        new ResourceLimit(ResourceLimit.Kind.MEMLOCK, 2, 3));
    }

    @Test
    void aMemoryPolicyHasTheNodesThatItsModeNeeds() {
        assertThatThrownBy(() -> MemoryPolicy.bind(NodeSet.empty())).hasMessageContaining("BIND");
        assertThatThrownBy(() -> new MemoryPolicy(MemoryPolicy.Mode.DEFAULT, NodeSet.of(0)))
                .hasMessageContaining("DEFAULT");
        assertThatThrownBy(() -> new MemoryPolicy(MemoryPolicy.Mode.PREFERRED, NodeSet.of(0, 1)))
                .hasMessageContaining("one node");
        assertThat(MemoryPolicy.preferred(3).nodes()).isEqualTo(NodeSet.of(3));
        assertThat(MemoryPolicy.Mode.INTERLEAVE.ordinal()).isEqualTo(3);
    }

    @Test
    void idsAreThoseOfTheKernel() {
        assertThatThrownBy(() -> new UserIdentity(-1, 0, List.of())).hasMessageContaining("id -1");
        assertThatThrownBy(() -> new UserIdentity(0, 4294967295L, List.of())).hasMessageContaining("id 4294967295");
        assertThatThrownBy(() -> new UserIdentity(0, 0, List.of(4294967295L))).hasMessageContaining("id 4294967295");
        assertThat(new UserIdentity(4294967294L, 5, List.of(6L, 7L))).hasToString("4294967294:5 groups [6, 7]");
    }
}
