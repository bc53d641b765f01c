package io.vnfkit.examples.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.unit.MacAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlRequestTest {

    @ParameterizedTest
    @ValueSource(strings = {"put 192.0.2.0/24 1 02:00:00:00:00:01 02:00:00:00:00:02", "remove 10.0.0.0/8", "list"})
    void linesAreReadAsTheyAreWritten(String line) {
        assertThat(ControlRequest.parse(line)).hasToString(line);
    }

    @Test
    void putNamesTheOutputAndBothAddresses() {
        ControlRequest request = ControlRequest.parse(" put 192.0.2.0/24  1 02:00:00:00:00:01 02:00:00:00:00:02 ");

        NextHop nextHop = NextHop.via(1, MacAddress.parse("02:00:00:00:00:01"), MacAddress.parse("02:00:00:00:00:02"));
        assertThat(request).isEqualTo(new ControlRequest.Put(new Route(IpPrefix.parse("192.0.2.0/24"), nextHop)));
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
            """)
    void whatIsWrongIsSaid(String line, String message) {
        assertThatThrownBy(() -> ControlRequest.parse(line)).hasMessageContaining(message);
    }
}
