package org.porthole.internal.window;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.porthole.TransportException;
import org.porthole.internal.route.Routes;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Registration;
import org.porthole.spi.TargetAtomics;

/// Keys of this rank's part that are good for what one exposure or lease allows, and as long as that lasts: a registration for each permit that is
/// different.
///
/// **Threads.** One at a time.
final class PermitKeys implements AutoCloseable {
    private final Parts parts;
    private final Function<Memory, TargetAtomics> atomics;
    private final boolean all;
    private final Map<Permit, Map<String, Registration>> registered = new HashMap<>();

    /// @param parts   what is reached
    /// @param atomics makes what carries out atomics that arrive for this rank's part
    /// @param all     whether keys of those transports are wanted, too, whose peers map the memory
    PermitKeys(Parts parts, Function<Memory, TargetAtomics> atomics, boolean all) {
        this.parts = parts;
        this.atomics = atomics;
        this.all = all;
    }

    /// The keys for a permit.
    ///
    /// @param most how many bytes they may take
    /// @throws TransportException if they take more, or a transport cannot register the memory
    byte[] of(Permit permit, int most) {
        byte[] keys = Routes.keys(registered.computeIfAbsent(permit, wanted -> parts.register(wanted, atomics, all)));
        if (keys.length > most) {
            throw new TransportException("the keys of an exposure take " + keys.length + " bytes; " + most
                    + " are possible: allow fewer transports");
        }
        return keys;
    }

    /// Ends all of them: from now on transports that carry out operations here refuse them.
    @Override
    public void close() {
        registered.values().forEach(each -> each.values().forEach(Registration::close));
        registered.clear();
    }
}
