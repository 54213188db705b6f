package org.porthole.transport.shm;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.porthole.TransportException;
import org.porthole.spi.Capabilities;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Reach;
import org.porthole.spi.Registration;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;

/// The shared-memory transport of one rank.
final class ShmTransport implements Transport {
    private static final long LATENCY_NS = 100;
    private static final long BYTES_PER_SECOND = 20_000_000_000L;

    private final TransportContext context;
    private final long process = ProcessHandle.current().pid();
    private final ShmMemory beacon;
    private final ShmAddress address;
    private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();
    /// Peers that have ended, and how that was noticed.
    private final Map<Integer, String> gone = new ConcurrentHashMap<>();

    private ShmMailbox mailbox;
    private long lastNumber;
    private ShmProgressAgent agent;
    private AgentRunner runner;
    private boolean closed;

    ShmTransport(TransportContext context) {
        this.context = context;
        beacon = new ShmMemory(Long.BYTES, "beacon");
        long nonce = new SecureRandom().nextLong();
        beacon.segment().set(ValueLayout.JAVA_LONG, 0, nonce);
        address = new ShmAddress(
                ShmAddress.thisKernel(),
                ShmAddress.startTimeOf(process),
                beacon.file().name(),
                nonce);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, true, true);
    }

    @Override
    public byte[] address() {
        return address.encode();
    }

    @Override
    public Reach reach(byte[] peerAddress) {
        ShmAddress peer;
        try {
            peer = ShmAddress.decode(peerAddress);
        } catch (TransportException e) {
            return new Reach.Unreachable(e.getMessage(), "run the same version of Porthole on all ranks");
        }
        if (!peer.kernel().equals(address.kernel())) {
            return new Reach.Unreachable(
                    "it runs on another host (another boot id)", "allow a transport that reaches other hosts");
        }
        long owner = peer.beacon().process();
        if (!Files.isDirectory(Path.of("/proc/" + owner))) {
            return new Reach.Unreachable(
                    "process " + owner + " is not visible here: it has ended, or is in another PID namespace",
                    "let the containers of one host share their PID namespace");
        }
        try (ShmMapping mapping = peer.beacon().map()) {
            if (mapping.segment().byteSize() == Long.BYTES
                    && ShmAddress.startTimeOf(owner) == peer.startTime()
                    && mapping.segment().get(ValueLayout.JAVA_LONG, 0) == peer.nonce()) {
                return new Reach.Reachable(LATENCY_NS, BYTES_PER_SECOND);
            }
            return otherProcess(owner);
        } catch (TransportException e) {
            return refused(owner, e);
        }
    }

    private static Reach otherProcess(long owner) {
        return new Reach.Unreachable(
                "what is process " + owner
                        + " here is another process: the peer is in another PID namespace, or has ended",
                "let the containers of one host share their PID namespace");
    }

    private Reach refused(long owner, TransportException e) {
        try {
            Object theirs = Files.getOwner(Path.of("/proc/" + owner));
            Object mine = Files.getOwner(Path.of("/proc/" + process));
            if (!theirs.equals(mine)) {
                return new Reach.Unreachable(
                        "process " + owner + " belongs to " + theirs + ", this one to " + mine,
                        "run all ranks of a host as one user");
            }
        } catch (IOException gone) {
            return otherProcess(owner);
        }
        return new Reach.Unreachable(
                e.getMessage(),
                "process " + owner
                        + " must be dumpable, have no more capabilities than this one, and be in the same PID namespace");
    }

    @Override
    public Endpoint connect(int peer, byte[] peerAddress) {
        ShmAddress theirs = ShmAddress.decode(peerAddress);
        if (theirs.beacon().process() != process) {
            watch(peer, theirs);
        }
        return new ShmEndpoint(context, peer, theirs, gone);
    }

    private synchronized void watch(int peer, ShmAddress theirs) {
        long owner = theirs.beacon().process();
        int descriptor = ShmNative.openProcess(owner);
        // Only now can the id no longer pass to another process.
        if (ShmAddress.startTimeOf(owner) != theirs.startTime()) {
            ShmNative.close(descriptor);
            throw new TransportException("shm: rank " + peer + " is gone: its process " + owner + " has ended");
        }
        if (runner == null) {
            agent = new ShmProgressAgent(this::peerGone);
            runner = new AgentRunner(NoOpIdleStrategy.INSTANCE, ShmTransport::report, null, agent);
            AgentRunner.startOnThread(
                    runner,
                    task -> Thread.ofPlatform().daemon().name(agent.roleName()).unstarted(task));
        }
        agent.watch(peer, descriptor, owner);
    }

    private static void report(Throwable t) {
        System.getLogger(ShmTransport.class.getName()).log(System.Logger.Level.ERROR, "the watch over peers failed", t);
    }

    @Override
    public Memory allocate(long byteSize, String label) {
        return new ShmMemory(byteSize, label, context.configuration().value(ShmOptions.HUGE_PAGES));
    }

    private void peerGone(int peer, String cause) {
        gone.put(peer, cause);
        context.failures().peerGone(peer, cause);
    }

    @Override
    public Registration register(Memory memory, TargetAtomics atomics, Permit permit) {
        if (!(memory instanceof ShmMemory shared)) {
            return registerBorrowed(memory.segment(), atomics);
        }
        ShmRegistration registration = new ShmRegistration(shared.file().share(), registrations::remove);
        registrations.add(registration);
        return registration;
    }

    private synchronized Registration registerBorrowed(MemorySegment segment, TargetAtomics atomics) {
        if (!segment.isNative()) {
            throw new TransportException("shm: memory on the heap cannot be shared");
        }
        if (closed) {
            throw new TransportException("shm: the transport is closed");
        }
        if (mailbox == null) {
            mailbox = new ShmMailbox();
        }
        ShmMailbox served = mailbox;
        BorrowedKey key = new BorrowedKey(
                address.startTime(), segment.address(), segment.byteSize(), ++lastNumber, served.name());
        BorrowedRegistration registration = new BorrowedRegistration(segment, atomics, key, ended -> {
            served.remove(ended);
            registrations.remove(ended);
        });
        served.add(registration);
        registrations.add(registration);
        return registration;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (runner != null) {
            agent.wakeToClose();
            runner.close();
        }
        registrations.forEach(Registration::close);
        if (mailbox != null) {
            mailbox.close();
        }
        beacon.close();
    }
}
