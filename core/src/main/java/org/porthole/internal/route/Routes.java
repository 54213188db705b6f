package org.porthole.internal.route;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.porthole.JoinException;
import org.porthole.RouteChoice;
import org.porthole.TransportException;
import org.porthole.internal.bootstrap.RankCard;
import org.porthole.internal.route.TransportTable.Candidate;
import org.porthole.internal.route.TransportTable.NamedTransport;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Reach;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteKey;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.Scope;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;

/// The ways to all peers: for each rank the first allowed transport that reaches it, by trial.
///
/// **Threads.** One while opening; any afterwards.
public final class Routes implements AutoCloseable {
    private final int rank;
    private final List<Candidate> candidates;
    private final List<NamedTransport> transports;
    private final List<RouteChoice> choices = new ArrayList<>();
    private final Endpoint[] endpoints;
    private final boolean[] byMessages;
    private NamedTransport allocator;

    /// No way is open yet.
    ///
    /// @param rank       this rank
    /// @param size       how many there are
    /// @param candidates the transports that are allowed, best first; those that are open are closed with this object
    public Routes(int rank, int size, List<Candidate> candidates) {
        this.rank = rank;
        this.candidates = candidates;
        transports = TransportTable.opened(candidates);
        endpoints = new Endpoint[size];
        byMessages = new boolean[size];
    }

    /// The addresses of this process.
    ///
    /// @return one per transport
    public Map<String, byte[]> addresses() {
        Map<String, byte[]> addresses = new LinkedHashMap<>();
        transports.forEach(each -> addresses.put(each.name(), each.transport().address()));
        return addresses;
    }

    /// Chooses and connects a transport for each peer.
    ///
    /// @param cards one per rank
    /// @throws JoinException if a peer cannot be reached: it lists each transport with cause and remedy
    public void connect(List<RankCard> cards) {
        for (int peer = 0; peer < endpoints.length; peer++) {
            choices.add(
                    peer == rank
                            ? new RouteChoice(peer, "self", "this rank's own memory")
                            : connect(
                                    peer,
                                    cards.get(peer),
                                    cards.get(peer)
                                            .host()
                                            .equals(cards.get(rank).host())));
        }
        allocator = chooseAllocator();
    }

    private RouteChoice connect(int peer, RankCard card, boolean sameHost) {
        List<String> refusals = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (!(candidate instanceof NamedTransport each)) {
                refusals.add(candidate.toString());
                continue;
            }
            if (!sameHost && each.scope().compareTo(Scope.HOST) <= 0) {
                refusals.add(each.name() + ": it runs on another host, which is called " + card.host());
                continue;
            }
            byte[] address = card.addresses().get(each.name());
            if (address == null) {
                refusals.add(each.name() + ": not open at that rank");
                continue;
            }
            Reach reach = each.transport().reach(address);
            if (reach instanceof Reach.Unreachable no) {
                refusals.add(each.name() + ": " + no.cause() + " (" + no.remedy() + ")");
                continue;
            }
            endpoints[peer] = each.transport().connect(peer, address);
            byMessages[peer] = !each.transport().capabilities().loadStore();
            return new RouteChoice(
                    peer,
                    each.name(),
                    refusals.isEmpty() ? "the nearest that is allowed" : String.join("; ", refusals));
        }
        throw new JoinException("rank " + rank + " cannot reach rank " + peer + " (process " + card.process() + "): "
                + String.join("; ", refusals));
    }

    /// Of the transports in use, the one that reaches furthest by mapping: nearer ones can share its memory, but not the other way round, and
    /// those that move bytes share any.
    private NamedTransport chooseAllocator() {
        NamedTransport best = null;
        for (NamedTransport each : transports) {
            boolean used = endpoints.length == 1 || isUsed(each);
            if (used
                    && each.transport().capabilities().allocates()
                    && (best == null || isBetterAllocator(each, best))) {
                best = each;
            }
        }
        if (best == null) {
            throw new JoinException("none of the transports in use can allocate memory: " + choices);
        }
        return best;
    }

    private static boolean isBetterAllocator(NamedTransport one, NamedTransport other) {
        boolean maps = one.transport().capabilities().loadStore();
        return maps == other.transport().capabilities().loadStore()
                ? one.scope().compareTo(other.scope()) > 0
                : maps;
    }

    /// Whether a rank is reached by messages only, not by load and store.
    ///
    /// @param peer the rank
    /// @return true if so
    public boolean isByMessages(int peer) {
        return byMessages[peer];
    }

    /// Whether a rank is one of this process, and operations on its memory are complete at once: this rank itself, or a thread.
    ///
    /// @param peer the rank
    /// @return true if so
    public boolean isInProcess(int peer) {
        String chosen = choices.get(peer).transport();
        return peer == rank
                || transports.stream()
                        .anyMatch(each -> each.scope() == Scope.PROCESS
                                && each.name().equals(chosen)
                                && each.transport().capabilities().loadStore());
    }

    /// The transports in use.
    ///
    /// @return those that are the way to a peer
    public List<Transport> used() {
        return transports.stream()
                .filter(each ->
                        choices.stream().anyMatch(choice -> choice.transport().equals(each.name())))
                .map(NamedTransport::transport)
                .toList();
    }

    /// Allocates memory that every route can share.
    ///
    /// @param byteSize how much
    /// @param label    what diagnostics call it
    /// @return the memory
    public Memory allocate(long byteSize, String label) {
        return allocator.transport().allocate(byteSize, label);
    }

    /// Makes memory reachable through every transport that can share it.
    ///
    /// @param memory  what [#allocate(long, String)] gave
    /// @param atomics carries out what arrives for it
    /// @return the registrations by transport
    public Map<String, Registration> register(Memory memory, TargetAtomics atomics) {
        return register(memory, atomics, all(memory), each -> true);
    }

    /// Makes memory reachable through those transports alone whose peers map it; the others have no key of it.
    ///
    /// @param memory  what [#allocate(long, String)] gave
    /// @param atomics carries out what arrives for it
    /// @return the registrations by transport
    public Map<String, Registration> registerMapped(Memory memory, TargetAtomics atomics) {
        return register(memory, atomics, all(memory), Routes::maps);
    }

    private static Permit all(Memory memory) {
        return Permit.all(memory.segment().byteSize());
    }

    private static boolean maps(NamedTransport transport) {
        return transport.transport().capabilities().loadStore();
    }

    /// Makes memory reachable, as far as a permit goes, through the transports in use that carry out operations here.
    ///
    /// @param memory  what [#allocate(long, String)] gave
    /// @param atomics carries out what arrives for it
    /// @param permit  what is allowed
    /// @param all     whether through those that map it too, which check no permit
    /// @return the registrations by transport
    public Map<String, Registration> register(Memory memory, TargetAtomics atomics, Permit permit, boolean all) {
        return register(memory, atomics, permit, each -> all || (!maps(each) && isUsed(each)));
    }

    private Map<String, Registration> register(
            Memory memory, TargetAtomics atomics, Permit permit, Predicate<NamedTransport> wanted) {
        Map<String, Registration> registrations = new LinkedHashMap<>();
        try {
            for (NamedTransport each : transports) {
                boolean shares = !maps(each) || each.equals(allocator) || each.scope() == Scope.PROCESS;
                if (shares && wanted.test(each)) {
                    registrations.put(each.name(), each.transport().register(memory, atomics, permit));
                }
            }
            return registrations;
        } catch (RuntimeException e) {
            registrations.values().forEach(Registration::close);
            throw e;
        }
    }

    /// Makes memory that a rank brought reachable through every transport that takes such.
    ///
    /// @param memory  the memory
    /// @param atomics carries out what arrives for it
    /// @return the registrations by transport
    /// @throws org.porthole.TransportException if a transport in use does not take it
    public Map<String, Registration> registerBorrowed(Memory memory, TargetAtomics atomics) {
        Map<String, Registration> registrations = new LinkedHashMap<>();
        try {
            for (NamedTransport each : transports) {
                if (each.transport().capabilities().borrows()) {
                    registrations.put(each.name(), each.transport().register(memory, atomics));
                } else if (isUsed(each)) {
                    throw new TransportException(
                            "transport " + each.name()
                                    + " cannot share memory that the program brings: let Porthole allocate it (WindowSpec.ofBytes)");
                }
            }
            return registrations;
        } catch (RuntimeException e) {
            registrations.values().forEach(Registration::close);
            throw e;
        }
    }

    private boolean isUsed(NamedTransport transport) {
        return choices.stream().anyMatch(choice -> choice.transport().equals(transport.name()));
    }

    /// The keys of registrations as bytes for the peers.
    ///
    /// @param registrations what [#register(Memory, TargetAtomics)] gave
    /// @return the bytes
    public static byte[] keys(Map<String, Registration> registrations) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        registrations.forEach(
                (name, registration) -> keys.put(name, registration.key().bytes()));
        return RankCard.encodeMap(keys);
    }

    /// Attaches a peer's memory.
    ///
    /// @param peer   its rank
    /// @param keys   positioned at what its [#keys(Map)] made
    /// @param length how many bytes of it may be reached
    /// @return the target, to be closed
    public Target attach(int peer, ByteBuffer keys, long length) {
        byte[] key = RankCard.map(keys).get(choices.get(peer).transport());
        if (key == null) {
            throw new JoinException("rank " + peer + " does not share its memory through "
                    + choices.get(peer).transport());
        }
        RemoteMemory remote = endpoints[peer].attach(new RemoteKey(key));
        return Target.of(endpoints[peer], remote, length);
    }

    /// Attaches a peer's memory if this rank maps it; of others there is no key yet.
    ///
    /// @param peer   its rank
    /// @param keys   positioned at what its [#keys(Map)] made; afterwards behind it
    /// @param length how many bytes of it there are
    /// @return the target, to be closed
    public Target attachMapped(int peer, ByteBuffer keys, long length) {
        if (byMessages[peer]) {
            skipKeys(keys);
            return Target.unattached(length);
        }
        return attach(peer, keys, length);
    }

    /// Whether adapters carry out atomics on the way to every peer.
    ///
    /// @return true if this rank's atomics, those on its own memory too, can all be adapters'
    public boolean hasAdapterAtomics() {
        return allocator.transport().capabilities().adapterAtomics()
                && choices.stream()
                        .allMatch(
                                each -> each.peer() == rank || each.transport().equals(allocator.name()));
    }

    /// Passes over the keys of a memory that is not attached by them.
    ///
    /// @param keys positioned at what [#keys(Map)] made; afterwards behind it
    public static void skipKeys(ByteBuffer keys) {
        RankCard.map(keys);
    }

    /// Attaches this rank's own memory, whose atomics are adapters'.
    ///
    /// @param memory the memory
    /// @param keys   positioned at what [#keys(Map)] made of its registrations
    /// @param length how many bytes of it may be reached
    /// @return the target, to be closed
    public Target attachOwn(Memory memory, ByteBuffer keys, long length) {
        if (endpoints[rank] == null) {
            endpoints[rank] =
                    allocator.transport().connect(rank, allocator.transport().address());
        }
        byte[] key = RankCard.map(keys).get(allocator.name());
        RemoteMemory remote = endpoints[rank].attach(new RemoteKey(key));
        return Target.ownByAdapter(memory, endpoints[rank], remote, length);
    }

    /// The choices made.
    ///
    /// @return one per rank
    public List<RouteChoice> choices() {
        return List.copyOf(choices);
    }

    @Override
    public void close() {
        for (Endpoint endpoint : endpoints) {
            if (endpoint != null) {
                endpoint.close();
            }
        }
        transports.forEach(each -> each.transport().close());
    }
}
