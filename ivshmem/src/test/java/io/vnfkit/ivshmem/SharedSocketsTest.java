package io.vnfkit.ivshmem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.mount.VnfMount.Flag;
import io.vnfkit.namespace.NamespaceKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedSocketsTest {

    @TempDir
    private Path root;

    @BeforeEach
    void makeHost() throws Exception {
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/mountinfo"), """
                30 20 0:40 / /run/vnfkit/sockets/plain rw,nosuid,nodev,noexec - tmpfs vnfkit rw,size=64k,nr_inodes=64,mode=711
                31 20 0:41 / /run/vnfkit/sockets/mapped rw,nosuid,nodev,noexec - tmpfs vnfkit rw,size=64k,mode=711,uid=100000,gid=100007
                """);
    }

    private CollectedContributions contributed(UnaryOperator<Vnf.Builder> described) {
        return CollectedContributions.of(described.apply(Vnf.named("test").command("true")).build(), Host.below(root));
    }

    private Set<Problem> problems(UnaryOperator<Vnf.Builder> described) {
        return Set.copyOf(contributed(described).problems());
    }

    @Test
    void theVnfGetsTheDirectoryAndItsPath() {
        CollectedContributions contributed = contributed(vnf -> vnf.with(SharedSockets.named("plain")));

        assertThat(contributed.problems()).isEmpty();
        assertThat(contributed.mounts()).containsExactly(new VnfMount.Bind(Path.of("/run/vnfkit/sockets/plain"),
                Path.of("/run/sockets/plain"), Set.of(Flag.NOSUID, Flag.NODEV, Flag.NOEXEC), false));
        assertThat(contributed.environment()).isEqualTo(Map.of("VNFKIT_SOCKETS_PLAIN", "/run/sockets/plain"));
    }

    @Test
    void whoOnlyConnectsGetsItReadOnly() {
        SharedSockets sockets = SharedSockets.named("mapped").at("/links").toConnect();
        CollectedContributions contributed = contributed(vnf -> vnf.with(sockets));

        assertThat(contributed.problems()).isEmpty();
        assertThat(((VnfMount.Bind) contributed.mounts().get(0)).flags()).contains(Flag.READ_ONLY);
        assertThat(sockets.file("a.sock")).isEqualTo(Path.of("/links/a.sock"));
        assertThat(sockets).isEqualTo(SharedSockets.named("mapped").toConnect().at("/links"))
                .isNotEqualTo(SharedSockets.named("mapped").at("/links"))
                .hasToString("sockets \"mapped\" at /links (to connect)");
    }

    @Test
    void theDirectoryBelongsToTheUserOfTheVnfAsTheHostCountsUsers() {
        SharedSockets mapped = SharedSockets.named("mapped");

        assertThat(problems(vnf -> vnf.with(mapped).namespaces(ns -> ns.mapIds(0, 100_000, 65_536)))).isEmpty();
        assertThat(problems(vnf -> vnf.with(mapped).namespaces(ns -> ns.mapIds(0, 99_000, 65_536))
                .security(security -> security.user(1000, 1000)))).isEmpty();
        assertThat(problems(vnf -> vnf.with(mapped).namespaces(ns -> ns.joinVnf(NamespaceKind.USER, "other")))).isEmpty();
        assertThat(problems(vnf -> vnf.with(mapped).namespaces(ns -> ns.mapIds(0, 200_000, 65_536)))).singleElement()
                .extracting(Problem::toString).asString().contains("user 100000 and group 100007").contains("toConnect()");
        assertThat(problems(vnf -> vnf.with(mapped))).hasSize(1);
        assertThat(problems(vnf -> vnf.with(SharedSockets.named("plain"))
                .security(security -> security.user(1000, 1000)))).hasSize(1);
    }

    @Test
    void aDirectoryThatIsNotThereIsAProblem() {
        assertThat(problems(vnf -> vnf.with(SharedSockets.named("none")))).singleElement()
                .extracting(Problem::toString).asString()
                .contains("there is no directory of sockets \"none\"").contains("SocketStore.onThisHost().create");
    }

    @Test
    void twoDirectoriesAtOnePlaceAreAProblem() {
        assertThat(contributed(vnf -> vnf.with(SharedSockets.named("plain").at("/x"))
                .with(SharedSockets.named("plain").at("/x").toConnect())).problems())
                .hasSize(2).allSatisfy(problem -> assertThat(problem.what()).contains("2 directories", "/x"));
    }

    @Test
    void namesAndPlacesThatCannotBeAreRefused() {
        SharedSockets sockets = SharedSockets.named("plain");

        assertThatThrownBy(() -> SharedSockets.named("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SharedSockets.named("x".repeat(32))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sockets.at("relative")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sockets.file("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sockets.file("a/b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sockets.file("/x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sockets.file("x".repeat(90))).hasMessageContaining("107 bytes");
    }
}
