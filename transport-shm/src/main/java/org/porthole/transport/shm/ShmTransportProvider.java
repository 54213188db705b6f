package org.porthole.transport.shm;

import java.util.Locale;
import org.porthole.TransportException;
import org.porthole.config.OptionTable;
import org.porthole.spi.Availability;
import org.porthole.spi.Scope;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// Processes of one Linux host that map each other's memory.
public final class ShmTransportProvider implements TransportProvider {
    /// What `porthole.transports` calls it.
    public static final String NAME = "shm";

    /// For the service loader.
    public ShmTransportProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scope scope() {
        return Scope.HOST;
    }

    @Override
    public Availability availability() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
            return new Availability.Unavailable(
                    "shared memory between processes needs Linux; this is " + System.getProperty("os.name"),
                    "use inproc or a network transport");
        }
        try (ShmFile trial = ShmFile.create(1, "trial")) {
            trial.open().close();
            return new Availability.Available();
        } catch (TransportException e) {
            return new Availability.Unavailable(
                    e.getMessage(),
                    "this process must be able to call memfd_create and to open its own files under /proc/self/fd");
        } catch (LinkageError | IllegalCallerException e) {
            return new Availability.Unavailable(
                    "the C library cannot be called: " + e.getMessage(),
                    "run with --enable-native-access=ALL-UNNAMED on glibc or musl, x86-64 or aarch64");
        }
    }

    @Override
    public OptionTable options() {
        return ShmOptions.TABLE;
    }

    @Override
    public Transport open(TransportContext context) {
        return new ShmTransport(context);
    }
}
