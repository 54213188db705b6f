package org.porthole.internal.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import org.porthole.ConfigurationException;
import org.porthole.TransportException;
import org.porthole.Transports;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.NearestName;
import org.porthole.spi.Availability;
import org.porthole.spi.Awaited;
import org.porthole.spi.Reach;
import org.porthole.spi.Scope;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// The transports on the class path, and which of them the configuration allows, in the order of preference.
public final class TransportTable {
    private static final String AUTO = "auto";

    private TransportTable() {}

    private static List<TransportProvider> providers() {
        return ServiceLoader.load(TransportProvider.class, TransportTable.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(TransportProvider::scope).thenComparing(TransportProvider::name))
                .toList();
    }

    /// The providers that the configuration allows, usable or not, best first.
    ///
    /// @param configuration the settings
    /// @return the providers
    /// @throws ConfigurationException if a name is unknown
    static List<TransportProvider> enabled(Configuration configuration) {
        List<TransportProvider> all = providers();
        List<String> names = all.stream().map(TransportProvider::name).toList();
        List<TransportProvider> enabled = new ArrayList<>();
        for (String word : configuration.value(CoreOptions.TRANSPORTS)) {
            if (word.equals(AUTO)) {
                all.stream()
                        .filter(provider -> isAutomatic(provider) && !enabled.contains(provider))
                        .forEach(enabled::add);
                continue;
            }
            int at = names.indexOf(word);
            if (at < 0) {
                String nearest = NearestName.to(word, names);
                throw new ConfigurationException(CoreOptions.TRANSPORTS.key() + ": there is no transport \"" + word
                        + "\"" + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?") + " (on the class path: "
                        + String.join(", ", names) + ")");
            }
            if (!enabled.contains(all.get(at))) {
                enabled.add(all.get(at));
            }
        }
        if (enabled.isEmpty()) {
            throw new ConfigurationException(CoreOptions.TRANSPORTS.key() + " names no transport; on the class path: "
                    + String.join(", ", names));
        }
        return enabled;
    }

    /// Transports for tests have to be asked for by name.
    private static boolean isAutomatic(TransportProvider provider) {
        return !provider.getClass().getName().contains(".testkit.");
    }

    /// Opens every transport that is allowed and usable.
    ///
    /// @param context what they are given
    /// @return the transports by name, best first
    /// @throws TransportException if none is usable: it lists each with cause and remedy
    public static List<NamedTransport> open(TransportContext context) {
        List<TransportProvider> enabled = enabled(context.configuration());
        List<String> refusals = new ArrayList<>();
        List<NamedTransport> open = new ArrayList<>();
        try {
            for (TransportProvider provider : enabled) {
                if (provider.availability() instanceof Availability.Unavailable no) {
                    refusals.add(provider.name() + ": " + no.cause() + " (" + no.remedy() + ")");
                } else {
                    open.add(new NamedTransport(provider.name(), provider.scope(), provider.open(context)));
                }
            }
        } catch (RuntimeException e) {
            open.forEach(each -> each.transport().close());
            throw e;
        }
        if (open.isEmpty()) {
            throw new TransportException("no transport that " + CoreOptions.TRANSPORTS.key() + "="
                    + context.configuration().setting(CoreOptions.TRANSPORTS).text() + " allows is usable here: "
                    + String.join("; ", refusals));
        }
        return open;
    }

    /// An open transport.
    ///
    /// @param name      what `porthole.transports` calls it
    /// @param scope     how far it reaches
    /// @param transport the transport
    public record NamedTransport(String name, Scope scope, Transport transport) {}

    /// What [Transports#statuses(Configuration)] returns.
    ///
    /// @param configuration the settings
    /// @return one status per transport
    public static List<Transports.Status> statuses(Configuration configuration) {
        List<String> enabled =
                enabled(configuration).stream().map(TransportProvider::name).toList();
        return providers().stream()
                .map(provider -> {
                    var no = provider.availability() instanceof Availability.Unavailable unavailable
                            ? unavailable
                            : null;
                    return new Transports.Status(
                            provider.name(),
                            provider.scope().name().toLowerCase(Locale.ROOT),
                            no == null,
                            no == null ? "" : no.cause(),
                            no == null ? "" : no.remedy(),
                            enabled.contains(provider.name()));
                })
                .toList();
    }

    /// What [Transports#choices(Configuration)] returns.
    ///
    /// @param configuration the settings
    /// @return one choice per kind of peer
    public static List<Transports.Choice> choices(Configuration configuration) {
        List<TransportProvider> enabled = enabled(configuration);
        return List.of(
                choice("same process", Scope.PROCESS, enabled, configuration),
                choice("same host", Scope.HOST, enabled, configuration),
                choice("other host", Scope.FABRIC, enabled, configuration));
    }

    private static Transports.Choice choice(
            String peer, Scope needed, List<TransportProvider> enabled, Configuration configuration) {
        List<String> passed = new ArrayList<>();
        for (TransportProvider provider : enabled) {
            if (provider.scope().compareTo(needed) < 0) {
                passed.add(provider.name() + " reaches the same "
                        + provider.scope().name().toLowerCase(Locale.ROOT) + " only");
                continue;
            }
            String refusal = trial(provider, configuration);
            if (refusal.isEmpty()) {
                String reason = passed.isEmpty() ? "the nearest transport that is allowed" : String.join("; ", passed);
                return new Transports.Choice(peer, provider.name(), reason);
            }
            passed.add(provider.name() + ": " + refusal);
        }
        return new Transports.Choice(peer, "", String.join("; ", passed));
    }

    /// Opens the transport and lets it reach itself; returns why that failed, or nothing.
    private static String trial(TransportProvider provider, Configuration configuration) {
        if (provider.availability() instanceof Availability.Unavailable no) {
            return no.cause() + " (" + no.remedy() + ")";
        }
        try (Transport transport = provider.open(
                new TransportContext(0, 1, configuration, (rank, cause) -> {}, TransportTable::awaitNothing))) {
            return transport.reach(transport.address()) instanceof Reach.Unreachable no
                    ? no.cause() + " (" + no.remedy() + ")"
                    : "";
        } catch (TransportException e) {
            return e.getMessage();
        }
    }

    private static void awaitNothing(Awaited awaited) {
        throw new IllegalStateException("a transport that is only looked at waits: " + awaited.describe());
    }
}
