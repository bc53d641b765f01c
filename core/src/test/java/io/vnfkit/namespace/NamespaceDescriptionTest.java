package io.vnfkit.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.Problem;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class NamespaceDescriptionTest {

    private static NamespaceDescription described(Consumer<NamespaceDescription.Builder> description) {
        NamespaceDescription.Builder builder = NamespaceDescription.builder();
        description.accept(builder);
        return builder.build();
    }

    private static List<String> problems(Consumer<NamespaceDescription.Builder> description) {
        return described(description).problems().stream().map(Problem::toString).toList();
    }

    @Test
    void withoutAWordSixNamespacesAreNew() {
        NamespaceDescription description = described(ns -> { });

        Set<NamespaceKind> fresh = EnumSet.allOf(NamespaceKind.class);
        fresh.removeIf(kind -> !description.isFresh(kind));
        assertThat(fresh).isEqualTo(EnumSet.complementOf(EnumSet.of(NamespaceKind.USER, NamespaceKind.TIME)));
        assertThat(description.problems()).isEmpty();
    }

    @Test
    void theLastWordAboutANamespaceCounts() {
        NamespaceDescription description = described(ns -> ns.inherit(NamespaceKind.NET).joinVnf(
                NamespaceKind.NET, "other")
                .joinProcess(NamespaceKind.NET, 7).join(NamespaceKind.NET, Path.of("/run/netns/left")));

        assertThat(description.source(NamespaceKind.NET))
                .isEqualTo(new NamespaceSource.OfPath(Path.of("/run/netns/left")));
    }

    @Test
    void idMapsAndTimeOffsetsMakeTheirNamespacesNew() {
        NamespaceDescription description = described(ns -> ns.mapIds(0, 100000, 10)
                .timeOffsets(new TimeOffsets(java.time.Duration.ofSeconds(1), java.time.Duration.ZERO)));

        assertThat(description.isFresh(NamespaceKind.USER)).isTrue();
        assertThat(description.isFresh(NamespaceKind.TIME)).isTrue();
        assertThat(description.uidMaps()).isEqualTo(description.gidMaps()).containsExactly(new IdMap(0, 100000, 10));
    }

    @Test
    void namesOfTheHostAreNotChanged() {
        assertThat(problems(ns -> ns.hostname("bng").inherit(NamespaceKind.UTS)))
                .containsExactly("namespaces.hostname: the uts namespace is not new, the name would change the host's "
                        + "(make it new with fresh(UTS))");
        assertThat(problems(ns -> ns.domainname("pop").joinVnf(NamespaceKind.UTS, "x"))).singleElement().asString()
                .startsWith("namespaces.domainname");
    }

    @Test
    void namesHaveOneToSixtyFourOctets() {
        assertThat(problems(ns -> ns.hostname(""))).singleElement().asString().contains("has 0 octets");
        assertThat(problems(ns -> ns.hostname("a".repeat(65)))).singleElement().asString().contains("has 65 octets");
        assertThat(problems(ns -> ns.hostname("ü".repeat(33)))).singleElement().asString().contains("has 66 octets");
        assertThat(problems(ns -> ns.hostname("a".repeat(64)))).isEmpty();
    }

    @Test
    void aNewUserNamespaceNeedsItsRoot() {
        assertThat(problems(ns -> ns.fresh(NamespaceKind.USER))).hasSize(2)
                .allMatch(text -> text.contains("id 0 is not mapped"));
        assertThat(problems(ns -> ns.mapUids(0, 100000, 10))).singleElement().asString()
                .startsWith("namespaces.gidMaps: id 0");
        assertThat(problems(ns -> ns.mapIds(1, 100000, 10))).hasSize(2);
    }

    @Test
    void overlappingMapsAreAllListed() {
        assertThat(problems(ns -> ns.mapIds(0, 100000, 10).mapIds(5, 200000, 10).mapGids(50, 100005, 1)))
                .containsExactly(
                        "namespaces.uidMaps: ranges \"0 100000 10\" and \"5 200000 10\" overlap inside the namespace "
                                + "(give ranges that do not overlap)",
                        "namespaces.gidMaps: ranges \"0 100000 10\" and \"5 200000 10\" overlap inside the namespace "
                                + "(give ranges that do not overlap)",
                        "namespaces.gidMaps: ranges \"0 100000 10\" and \"50 100005 1\" overlap outside the namespace "
                                + "(give ranges that do not overlap)");
    }

    @Test
    void mapsNeedANewUserNamespace() {
        assertThat(problems(ns -> ns.mapIds(0, 1, 1).inherit(NamespaceKind.USER))).hasSize(2)
                .allMatch(text -> text.contains("the user namespace is not new"));
    }

    @Test
    void interfacesNeedANewNetworkAndNamesOfTheirOwn() {
        NetworkInterface pair = NetworkInterface.veth("eth0", "host0");

        assertThat(problems(ns -> ns.networkInterface(pair).inherit(NamespaceKind.NET))).singleElement().asString()
                .contains("the network namespace is not new");
        assertThat(problems(ns -> ns.networkInterface(pair).networkInterface(NetworkInterface.moved("eth1")
                .as("eth0"))))
                .singleElement().asString().contains("two interfaces have the name eth0");
        assertThat(problems(ns -> ns.networkInterface(pair.as("lo")))).singleElement().asString()
                .contains("the name lo");
    }

    @Test
    void sourcesAreChecked() {
        assertThatThrownBy(() -> new NamespaceSource.OfPath(Path.of("run/netns/x")))
                .hasMessageContaining("not an absolute path");
        assertThatThrownBy(() -> new NamespaceSource.OfProcess(0)).hasMessageContaining("not a process id: 0");
        assertThatThrownBy(() -> new NamespaceSource.OfVnf(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aDescriptionDoesNotChangeWithItsBuilder() {
        NamespaceDescription.Builder builder = NamespaceDescription.builder();
        NamespaceDescription description = builder.build();
        builder.inherit(NamespaceKind.NET).hostname("later").mapIds(0, 1, 1);

        assertThat(description.isFresh(NamespaceKind.NET)).isTrue();
        assertThat(description.hostname()).isEmpty();
        assertThat(description.uidMaps()).isEmpty();
    }
}
