package org.porthole.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.porthole.config.Option;
import org.porthole.config.OptionTable;
import org.porthole.spi.Availability;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.Scope;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// Another transport whose endpoints and keys tests get hold of, so that they can do what no honest rank does: reach for memory past the runtime's checks.
public final class TappedTransportProvider implements TransportProvider {
    /// What `porthole.transports` calls it.
    public static final String NAME = "tapped";

    /// Which transport it is.
    public static final Option<String> INNER = Option.ofText(
            "porthole.tapped.transport", "indirect", "What carries everything out: the name of another transport.");

    private static final OptionTable TABLE = OptionTable.of("Tapped transport (for tests)", INNER);
    private static final List<Tap> TAPS = Collections.synchronizedList(new ArrayList<>());

    /// The ranks that have registered memory, once for each time.
    private static final List<Integer> REGISTRATIONS = Collections.synchronizedList(new ArrayList<>());

    /// For the service loader.
    public TappedTransportProvider() {}

    /// A key by which a rank has attached memory of another.
    ///
    /// @param origin   the rank that did
    /// @param target   whose memory it is
    /// @param endpoint the way there
    /// @param key      the key
    record Tap(int origin, int target, Endpoint endpoint, RemoteKey key) {}

    /// What a rank has attached of another since [#forget()].
    static List<Tap> taps(int origin, int target) {
        synchronized (TAPS) {
            return TAPS.stream()
                    .filter(each -> each.origin == origin && each.target == target)
                    .toList();
        }
    }

    /// How often a rank has registered memory since [#forget()].
    static int registrations(int rank) {
        return Collections.frequency(REGISTRATIONS, rank);
    }

    static void forget() {
        TAPS.clear();
        REGISTRATIONS.clear();
    }

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
        return new Availability.Available();
    }

    @Override
    public OptionTable options() {
        return TABLE;
    }

    @Override
    public Transport open(TransportContext context) {
        Transport inner = SpiPair.provider(context.configuration().value(INNER)).open(context);
        return proxy(Transport.class, inner, (arguments, result) -> {
            if (result instanceof Registration) {
                REGISTRATIONS.add(context.rank());
            }
            if (!(result instanceof Endpoint endpoint)) {
                return result;
            }
            int target = (int) arguments[0];
            return proxy(Endpoint.class, endpoint, (attached, memory) -> {
                if (attached != null && attached.length == 1 && attached[0] instanceof RemoteKey key) {
                    TAPS.add(new Tap(context.rank(), target, endpoint, key));
                }
                return memory;
            });
        });
    }

    private interface After {
        Object call(Object[] arguments, Object result);
    }

    private static <T> T proxy(Class<T> type, T inner, After after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return after.call(arguments, method.invoke(inner, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
