package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Vnf;
import io.vnfkit.security.CapabilitySets;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class VolumeOwnerTest {

    @Test
    void aVolumeBelongsToTheVnfsUser() {
        Vnf vnf = Vnf.named("bng").command("true").security(rights -> rights.user(1000, 2000)
                .capabilities(CapabilitySets.NONE)).build();

        assertThat(VolumeOwner.OF_VNF.applyTo(VolumeOptions.DEFAULT, vnf).toMountData()).contains("uid=1000,gid=2000");
    }

    @Test
    void idsAreTranslatedByTheMapsOfANewUserNamespace() {
        Vnf vnf = Vnf.named("bng").command("true").namespaces(ns -> ns.mapIds(0, 100000, 10).mapIds(10, 300000, 5)).build();

        assertThat(VolumeOwner.OF_VNF.applyTo(VolumeOptions.DEFAULT, vnf).toMountData())
                .contains("uid=100000,gid=100000");
        assertThat(new VolumeOwner(OptionalInt.of(12), OptionalInt.of(9)).applyTo(VolumeOptions.DEFAULT, vnf).toMountData())
                .contains("uid=300002,gid=100009");
    }

    @Test
    void anIdThatIsNotMappedStaysRootOfTheHost() {
        Vnf vnf = Vnf.named("bng").command("true").namespaces(ns -> ns.mapIds(0, 100000, 10)).build();

        assertThat(new VolumeOwner(OptionalInt.of(77), OptionalInt.of(77)).applyTo(VolumeOptions.DEFAULT, vnf).toMountData())
                .contains("uid=0,gid=0");
    }

    @Test
    void aSharedVolumeTakesIdsOfTheHost() {
        assertThat(VolumeOwner.OF_VNF.applyTo(VolumeOptions.DEFAULT).toMountData()).contains("uid=0,gid=0");
        assertThat(new VolumeOwner(OptionalInt.of(7), OptionalInt.of(8)).applyTo(VolumeOptions.DEFAULT).toMountData())
                .contains("uid=7,gid=8");
    }
}
