package org.porthole.internal.bootstrap;

import java.util.List;

/// A world of one.
public final class SingletonBootstrap implements Bootstrap {
    private final String method;

    /// Nothing launched this process as part of a job.
    public SingletonBootstrap() {
        this("a world of one");
    }

    /// A job that happens to have one rank.
    SingletonBootstrap(String method) {
        this.method = method;
    }

    @Override
    public boolean isOneHost() {
        return true;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public String secret() {
        return "";
    }

    @Override
    public List<byte[]> exchange(byte[] mine) {
        return List.of(mine);
    }

    @Override
    public void joined(AbortListener listener) {}

    /// All ranks end with this process.
    @Override
    public void abort(int exitCode) {}

    @Override
    public void awaitAllLeft() {}

    @Override
    public void close() {}
}
