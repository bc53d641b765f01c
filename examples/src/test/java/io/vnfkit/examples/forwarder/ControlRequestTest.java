package io.vnfkit.examples.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.table.CoreTunnel;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.dpdk.table.Subscriber;
import io.vnfkit.unit.MacAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlRequestTest {

    @ParameterizedTest
    @ValueSource(strings = {"put 192.0.2.0/24 1 02:00:00:00:00:01 02:00:00:00:00:02",
            "put 192.0.2.0/24 0 02:00:00:00:00:01 02:00:00:00:00:02 10.0.0.1 10.0.0.2 1048575", "remove 10.0.0.0/8", "list",
            "put-subscriber 100 4095 4294967295 02:00:00:00:00:01", "remove-subscriber 0 4095", "count-subscribers"})
    void linesAreReadAsTheyAreWritten(String line) {
        assertThat(ControlRequest.parse(line)).hasToString(line);
    }

    @Test
    void putNamesTheOutputAndBothAddresses() {
        ControlRequest request = ControlRequest.parse(" put 192.0.2.0/24  1 02:00:00:00:00:01 02:00:00:00:00:02 ");

        NextHop nextHop = NextHop.via(1, MacAddress.parse("02:00:00:00:00:01"), MacAddress.parse("02:00:00:00:00:02"));
        assertThat(request).isEqualTo(new ControlRequest.Put(new Route(IpPrefix.parse("192.0.2.0/24"), nextHop)));
    }

    @Test
    void aRouteMayNameATunnelAndASubscriberItsKey() {
        ControlRequest put = ControlRequest.parse(
                "put 192.0.2.0/24 0 02:00:00:00:00:01 02:00:00:00:00:02 10.0.0.1 10.0.0.2 99");

        assertThat(((ControlRequest.Put) put).route().nextHop().tunnel())
                .contains(new CoreTunnel(Ipv4Text.parse("10.0.0.1"), Ipv4Text.parse("10.0.0.2"), 99));
        assertThat(ControlRequest.parse("put-subscriber 100 200 4294967294 02:00:00:00:00:01"))
                .isEqualTo(new ControlRequest.PutSubscriber(
                        new Subscriber(100, 200, -2, MacAddress.parse("02:00:00:00:00:01"), 0)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                          | no request ""
            stop                                                        | no request "stop"
            list all                                                    | list takes no arguments
            remove                                                      | remove takes one PREFIX
            remove 10.0.0.1/8                                           | bits behind the prefix are set
            put 10.0.0.0/8 1                                            | a route is PREFIX OUTPUT DESTINATION SOURCE
            put 10.0.0.0/8 x 02:00:00:00:00:01 02:00:00:00:00:02        | an output is a number, not "x"
            put 10.0.0.0/8 16 02:00:00:00:00:01 02:00:00:00:00:02       | outputs 0 to 15, not 16
            put 10.0.0.0/8 1 02:00:00:00:00 02:00:00:00:00:02           | MAC address
            put 10.0.0.0/8 0 02:00:00:00:00:01 02:00:00:00:00:02 10.0.0.1 | a route is PREFIX OUTPUT DESTINATION SOURCE
            put 10.0.0.0/8 0 02:00:00:00:00:01 02:00:00:00:00:02 fd00::1 10.0.0.2 99 | the ends of a tunnel are IPv4 addresses, not "fd00::1"
            put 10.0.0.0/8 0 02:00:00:00:00:01 02:00:00:00:00:02 10.0.0.1 name 99 | "name/32"
            put 10.0.0.0/8 0 02:00:00:00:00:01 02:00:00:00:00:02 10.0.0.1 10.0.0.2 3 | an MPLS label is 16 to 1048575
            put-subscriber 1 2 3                                        | a subscriber is OUTER INNER KEY MAC
            put-subscriber 4096 2 3 02:00:00:00:00:01                   | the outer tag is 0 to 4095, not 4096
            put-subscriber 1 x 3 02:00:00:00:00:01                      | a VLAN tag is a number, not "x"
            put-subscriber 1 2 4294967296 02:00:00:00:00:01             | a GRE key is a number of 32 bits
            remove-subscriber 1                                         | a subscriber is OUTER INNER, not "1"
            count-subscribers all                                       | count-subscribers takes no arguments
            """)
    void whatIsWrongIsSaid(String line, String message) {
        assertThatThrownBy(() -> ControlRequest.parse(line)).hasMessageContaining(message);
    }
}
