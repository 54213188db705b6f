package org.porthole.internal.route;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
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
    private static final System.Logger LOG = System.getLogger(TransportTable.class.getName());
    private static final String AUTO = "auto";

    /// What the log has been told, once for all jobs and ranks of this process.
    private static final Set<RefusedTransport> WARNED = ConcurrentHashMap.newKeySet();

    private TransportTable() {}

    private static List<TransportProvider> providers() {
        return ServiceLoader.load(TransportProvider.class, TransportTable.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(TransportProvider::scope).thenComparing(TransportProvider::name))
                .toList();
    }

    /// What each transport on the class path has found out.
    ///
    /// @param configuration the settings
    /// @return its findings, nearest transport first
    public static List<Transports.Finding> findings(Configuration configuration) {
        return providers().stream()
                .filter(TransportTable::isAutomatic)
                .flatMap(provider -> provider.findings(configuration).stream()
                        .map(each -> new Transports.Finding(
                                provider.name(),
                                each.level().name().toLowerCase(Locale.ROOT),
                                each.code(),
                                each.sentence(),
                                each.remedy())))
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

    /// Opens every transport that is allowed and usable. One that says that it can be used and then cannot be opened is passed over, unless it was
    /// asked for by name.
    ///
    /// @param context what they are given
    /// @param oneHost whether all ranks run on one host: networks are then opened only by name, or if nothing else can be
    /// @return what became of each, best first; at least one is open
    /// @throws TransportException if none is usable: it lists each with cause and remedy; or if one that was named cannot be opened
    public static List<Candidate> open(TransportContext context, boolean oneHost) {
        return open(context, oneHost, enabled(context.configuration()));
    }

    static List<Candidate> open(TransportContext context, boolean oneHost, List<TransportProvider> enabled) {
        List<Candidate> candidates = new ArrayList<>();
        try {
            for (TransportProvider provider : enabled) {
                boolean needless = oneHost
                        && provider.scope() == Scope.NETWORK
                        && !opened(candidates).isEmpty()
                        && !isNamed(provider, context.configuration());
                if (needless) {
                    candidates.add(new RefusedTransport(
                            provider.name(), "not opened: all ranks run on one host (name it to use it all the same)"));
                } else if (provider.availability() instanceof Availability.Unavailable no) {
                    candidates.add(new RefusedTransport(provider.name(), no.cause() + " (" + no.remedy() + ")"));
                } else {
                    candidates.add(open(context, provider));
                }
            }
        } catch (RuntimeException e) {
            opened(candidates).forEach(each -> each.transport().close());
            throw e;
        }
        if (opened(candidates).isEmpty()) {
            throw new TransportException("no transport that " + CoreOptions.TRANSPORTS.key() + "="
                    + context.configuration().setting(CoreOptions.TRANSPORTS).text() + " allows is usable here: "
                    + candidates.stream().map(Candidate::toString).collect(Collectors.joining("; ")));
        }
        return candidates;
    }

    private static Candidate open(TransportContext context, TransportProvider provider) {
        try {
            return new NamedTransport(provider.name(), provider.scope(), provider.open(context));
        } catch (TransportException e) {
            if (isNamed(provider, context.configuration())) {
                throw e;
            }
            RefusedTransport refused = new RefusedTransport(provider.name(), cannotOpen(e));
            if (WARNED.add(refused)) {
                LOG.log(Level.WARNING, "passed over transport {0}", refused);
            }
            return refused;
        }
    }

    private static boolean isNamed(TransportProvider provider, Configuration configuration) {
        return configuration.value(CoreOptions.TRANSPORTS).contains(provider.name());
    }

    private static String cannotOpen(TransportException e) {
        return "cannot be opened: " + e.getMessage();
    }

    /// Those that are open.
    ///
    /// @param candidates what became of each
    /// @return the transports in the same order
    static List<NamedTransport> opened(List<Candidate> candidates) {
        return candidates.stream()
                .filter(NamedTransport.class::isInstance)
                .map(NamedTransport.class::cast)
                .toList();
    }

    /// What became of a transport that the configuration allows.
    public sealed interface Candidate {}

    /// An open transport.
    ///
    /// @param name      what `porthole.transports` calls it
    /// @param scope     how far it reaches
    /// @param transport the transport
    public record NamedTransport(String name, Scope scope, Transport transport) implements Candidate {}

    /// One that cannot be used by this process.
    ///
    /// @param name   what `porthole.transports` calls it
    /// @param reason why not
    public record RefusedTransport(String name, String reason) implements Candidate {
        @Override
        public String toString() {
            return name + ": " + reason;
        }
    }

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
        return choices(configuration, enabled(configuration));
    }

    static List<Transports.Choice> choices(Configuration configuration, List<TransportProvider> enabled) {
        List<Trial> trials =
                enabled.stream().map(provider -> trial(provider, configuration)).toList();
        return List.of(
                choice("same process", Scope.PROCESS, trials),
                choice("same host", Scope.HOST, trials),
                choice("other host", Scope.FABRIC, trials));
    }

    private static Transports.Choice choice(String peer, Scope needed, List<Trial> trials) {
        List<String> passed = new ArrayList<>();
        for (Trial trial : trials) {
            if (trial.endsJoin()) {
                return new Transports.Choice(
                        peer,
                        "",
                        trial.name() + ": " + trial.refusal() + "; no job can be joined, for "
                                + CoreOptions.TRANSPORTS.key() + " names it");
            }
        }
        for (Trial trial : trials) {
            if (trial.scope().compareTo(needed) < 0) {
                passed.add(trial.name() + " reaches the same "
                        + trial.scope().name().toLowerCase(Locale.ROOT) + " only");
            } else if (trial.refusal().isEmpty()) {
                String reason = passed.isEmpty() ? "the nearest transport that is allowed" : String.join("; ", passed);
                return new Transports.Choice(peer, trial.name(), reason);
            } else {
                passed.add(trial.name() + ": " + trial.refusal());
            }
        }
        return new Transports.Choice(peer, "", String.join("; ", passed));
    }

    /// How an attempt to use a transport went.
    ///
    /// @param refusal  why it failed; empty if it did not
    /// @param endsJoin whether joining fails for that reason
    private record Trial(String name, Scope scope, String refusal, boolean endsJoin) {}

    /// Opens the transport and lets it reach itself.
    private static Trial trial(TransportProvider provider, Configuration configuration) {
        String refusal = "";
        boolean endsJoin = false;
        if (provider.availability() instanceof Availability.Unavailable no) {
            refusal = no.cause() + " (" + no.remedy() + ")";
        } else {
            try (Transport transport = provider.open(
                    new TransportContext(0, 1, configuration, (rank, cause) -> {}, TransportTable::awaitNothing))) {
                refusal = transport.reach(transport.address()) instanceof Reach.Unreachable no
                        ? no.cause() + " (" + no.remedy() + ")"
                        : "";
            } catch (TransportException e) {
                refusal = cannotOpen(e);
                endsJoin = isNamed(provider, configuration);
            }
        }
        return new Trial(provider.name(), provider.scope(), refusal, endsJoin);
    }

    private static void awaitNothing(Awaited awaited) {
        throw new IllegalStateException("a transport that is only looked at waits: " + awaited.describe());
    }
}
