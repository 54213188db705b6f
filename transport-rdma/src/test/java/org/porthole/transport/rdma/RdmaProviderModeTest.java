package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class RdmaProviderModeTest {
    /// This JVM has been given none of it.
    @Test
    void shouldSayInOneLineWhatDisnisOwnProviderTakes() {
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(RdmaProviderMode.JNI::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("DiSNI's own provider cannot be used: ")
                    .hasMessageContaining("libdisni.so in java.library.path")
                    .hasMessageContaining("--add-exports=java.base/sun.nio.ch")
                    .hasMessageNotContaining("\n");
        }
    }
}
