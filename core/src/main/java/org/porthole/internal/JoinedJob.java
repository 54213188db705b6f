package org.porthole.internal;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.porthole.Job;
import org.porthole.JoinException;
import org.porthole.Joining;
import org.porthole.PortholeException;
import org.porthole.RouteChoice;
import org.porthole.Team;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.internal.bootstrap.Bootstrap;
import org.porthole.internal.bootstrap.Bootstraps;
import org.porthole.internal.bootstrap.Host;
import org.porthole.internal.bootstrap.LastWords;
import org.porthole.internal.bootstrap.LauncherWatch;
import org.porthole.internal.bootstrap.RankCard;
import org.porthole.internal.check.CheckedTeam;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.collective.TeamShape;
import org.porthole.internal.port.Neighbourhood;
import org.porthole.internal.port.OpenPortSet;
import org.porthole.internal.port.PostOffice;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Routes;
import org.porthole.internal.route.Target;
import org.porthole.internal.route.TransportTable;
import org.porthole.internal.team.MemberTeam;
import org.porthole.internal.window.Bearers;
import org.porthole.internal.window.SharedPart;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSet;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;
import org.porthole.spi.TransportContext;

/// A job that this process, or a thread of it, has joined.
public final class JoinedJob implements Job {
    private static final System.Logger LOG = System.getLogger(JoinedJob.class.getName());
    private static final int MAX_EXIT_CODE = 255;

    private final Configuration configuration;
    private final Bootstrap bootstrap;
    private final Routes routes;
    private final SharedPart control;
    private final MemberTeam world;
    /// The world as the program sees it.
    private final Team shown;
    private final PostOffice office;
    private final Joining joining;
    private boolean closed;
    private boolean released;

    private JoinedJob(
            Configuration configuration,
            Bootstrap bootstrap,
            Routes routes,
            SharedPart control,
            MemberTeam world,
            Team shown,
            PostOffice office,
            Joining joining) {
        this.configuration = configuration;
        this.bootstrap = bootstrap;
        this.routes = routes;
        this.control = control;
        this.world = world;
        this.shown = shown;
        this.office = office;
        this.joining = joining;
    }

    /// Joins as the configuration says.
    ///
    /// @param configuration the settings
    /// @return the job
    public static JoinedJob join(Configuration configuration) {
        JoinClock clock = new JoinClock();
        Bootstraps.Found found = Bootstraps.find(configuration);
        found.watch();
        LauncherWatch.start(configuration);
        found.rehearse();
        clock.found();
        Bootstrap bootstrap = found.open();
        Configuration settings = bootstrap.secret().isEmpty()
                ? configuration
                : configuration.with(CoreOptions.SECRET, bootstrap.secret());
        clock.launched();
        return join(settings, bootstrap, new Membership(bootstrap.size()), clock);
    }

    /// Joins through a given bootstrap, in three exchanges: who and where all are, their control memory, and whether all could attach it. What one
    /// rank cannot do fails on all.
    static JoinedJob join(Configuration configuration, Bootstrap bootstrap, Membership membership, JoinClock clock) {
        int rank = bootstrap.rank();
        int size = bootstrap.size();
        Waiter waiter = new Waiter(configuration, false);
        Routes routes = null;
        SharedPart control = null;
        PostOffice office = null;
        long officeId = Neighbourhood.nextId();
        try {
            TransportContext transports = new TransportContext(rank, size, configuration, membership, waiter);
            boolean oneHost = bootstrap.isOneHost() && !Host.isNamed(configuration);
            routes = new Routes(rank, size, TransportTable.open(transports, oneHost));
            clock.opened();
            List<RankCard> cards = exchangeCards(bootstrap, routes, Host.name(configuration));
            clock.met();
            List<String> hosts = cards.stream().map(RankCard::host).toList();
            TeamContext context = TeamContext.ofWorld(
                    rank,
                    hosts,
                    routes,
                    membership,
                    waiter,
                    configuration.value(CoreOptions.ARRIVALS),
                    configuration.value(CoreOptions.LEASE_BOUND));
            byte[] answer;
            try {
                routes.connect(cards);
                waiter.drive(routes.used());
                byte wish = TeamShape.wish(context);
                long base = Neighbourhood.base(TeamShape.controlBytes(size, wish));
                control = SharedPart.allocate(
                        routes,
                        base + Neighbourhood.controlBytes(size),
                        "team",
                        memory -> Neighbourhood.atomics(memory, base));
                byte[] card = Neighbourhood.card(officeId, configuration);
                answer = ok(new byte[] {wish}, card, control.keys());
            } catch (PortholeException e) {
                answer = failed(e);
            }
            List<ByteBuffer> keys = agree(bootstrap, answer);
            Target[] targets = new Target[size];
            TeamShape shape = null;
            Neighbourhood around = new Neighbourhood(targets, new long[size], new long[size]);
            try {
                shape = attach(routes, control, keys, around, rank, configuration);
                office = new PostOffice(
                        rank,
                        routes,
                        membership,
                        waiter,
                        configuration,
                        control.memory(),
                        around,
                        new Bearers(context));
                answer = ok();
            } catch (PortholeException e) {
                answer = failed(e);
            }
            agree(bootstrap, answer);
            bootstrap.joined(JoinedJob::endWith);
            long crowd = hosts.stream().filter(hosts.get(rank)::equals).count();
            if (crowd > Runtime.getRuntime().availableProcessors()) {
                waiter.crowd();
            }
            MemberTeam world = MemberTeam.ofWorld(context, control.memory(), targets, shape);
            Team shown = shown(configuration, world);
            office.joined(shown);
            if (shown instanceof CheckedTeam checked) {
                office.watch(checked.messageOrder());
            }
            return new JoinedJob(
                    configuration, bootstrap, routes, control, world, shown, office, clock.joined(bootstrap.method()));
        } catch (RuntimeException e) {
            bootstrap.close();
            if (office != null) {
                office.release();
            }
            if (control != null) {
                control.close();
            }
            if (routes != null) {
                routes.close();
            }
            throw e;
        }
    }

    private static Team shown(Configuration configuration, MemberTeam world) {
        try {
            return CheckedTeam.of(configuration, world);
        } catch (RuntimeException e) {
            world.release();
            throw e;
        }
    }

    private static List<RankCard> exchangeCards(Bootstrap bootstrap, Routes routes, String host) {
        RankCard mine =
                new RankCard(Version.text(), host, ProcessHandle.current().pid(), routes.addresses());
        List<RankCard> cards =
                bootstrap.exchange(mine.encode()).stream().map(RankCard::decode).toList();
        for (int peer = 0; peer < cards.size(); peer++) {
            String theirs = cards.get(peer).version();
            if (!theirs.equals(mine.version())) {
                throw new JoinException("rank " + bootstrap.rank() + " runs Porthole " + mine.version() + ", rank "
                        + peer + " runs " + theirs + "; all ranks of a job must run the same");
            }
        }
        return cards;
    }

    private static TeamShape attach(
            Routes routes,
            SharedPart control,
            List<ByteBuffer> keys,
            Neighbourhood around,
            int rank,
            Configuration configuration) {
        Target[] targets = around.controls();
        control.adopt(targets);
        byte[] wishes = new byte[targets.length];
        for (int peer = 0; peer < targets.length; peer++) {
            wishes[peer] = keys.get(peer).get();
            long number = Neighbourhood.number(keys.get(peer), peer, rank, configuration);
            around.ids()[peer] = routes.isInProcess(peer) ? number : 0;
            around.bases()[peer] = Neighbourhood.base(TeamShape.controlBytes(targets.length, wishes[peer]));
            long bytes = around.bases()[peer] + Neighbourhood.controlBytes(targets.length);
            targets[peer] =
                    peer == rank ? Target.own(control.memory(), bytes) : routes.attach(peer, keys.get(peer), bytes);
        }
        return TeamShape.of(wishes);
    }

    private static byte[] ok(byte[]... parts) {
        ByteBuffer answer = ByteBuffer.allocate(
                1 + Arrays.stream(parts).mapToInt(part -> part.length).sum());
        answer.put((byte) 0);
        for (byte[] part : parts) {
            answer.put(part);
        }
        return answer.array();
    }

    private static byte[] failed(PortholeException e) {
        LOG.log(Level.DEBUG, "cannot join", e);
        byte[] text = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + text.length).put((byte) 1).put(text).array();
    }

    /// Exchanges answers; throws on every rank what any rank failed with.
    private static List<ByteBuffer> agree(Bootstrap bootstrap, byte[] answer) {
        List<ByteBuffer> answers =
                bootstrap.exchange(answer).stream().map(ByteBuffer::wrap).toList();
        for (ByteBuffer each : answers) {
            if (each.get() != 0) {
                throw new JoinException(StandardCharsets.UTF_8.decode(each).toString());
            }
        }
        return answers;
    }

    @Override
    public int rank() {
        return world.rank();
    }

    @Override
    public int size() {
        return world.size();
    }

    @Override
    public Team world() {
        return shown;
    }

    @Override
    public Configuration configuration() {
        return configuration;
    }

    @Override
    public List<RouteChoice> routes() {
        return routes.choices();
    }

    @Override
    public Port openPort(PortSpec spec) {
        return office.openPort(spec);
    }

    @Override
    public PortSet newPortSet() {
        return new OpenPortSet(office);
    }

    @Override
    public Message newMessage() {
        return office.newMessage();
    }

    @Override
    public SendRight lookup(int rank, String name, Duration deadline) {
        return office.lookup(rank, name, deadline);
    }

    @Override
    public SendRight lookup(String name, Duration deadline) {
        return office.lookup(name, deadline);
    }

    @Override
    public Joining joining() {
        return joining;
    }

    @Override
    public void abort(int exitCode) {
        if (exitCode < 1 || exitCode > MAX_EXIT_CODE) {
            throw new IllegalArgumentException("an exit code of " + exitCode + "; 1 to " + MAX_EXIT_CODE
                    + " tell a launcher that the job has failed");
        }
        bootstrap.abort(exitCode);
        LastWords.end(exitCode, "rank " + rank() + " ends the job with exit code " + exitCode);
    }

    private static void endWith(int rank, int exitCode) {
        LastWords.end(exitCode, "this rank ends, for rank " + rank + " has ended the job with exit code " + exitCode);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            office.close();
            world.leave();
        } finally {
            release();
        }
    }

    /// Frees what is this rank's once no rank of this process can be looking at it.
    synchronized void release() {
        closed = true;
        if (released) {
            return;
        }
        released = true;
        office.close();
        bootstrap.awaitAllLeft();
        office.release();
        world.release();
        control.close();
        routes.close();
        bootstrap.close();
    }
}
