package org.porthole.internal.bootstrap;

import org.porthole.ConfigurationException;
import org.porthole.config.CoreOptions;
import org.porthole.config.JoinMethod;

/// Nobody: a world of one.
final class AloneLauncher implements Launcher {
    @Override
    public JoinMethod method() {
        return JoinMethod.ALONE;
    }

    @Override
    public String rankVariable(Surroundings around) {
        return "";
    }

    @Override
    public Finding look(Surroundings around) {
        return Finding.of("a world of one");
    }

    @Override
    public Bootstrap open(Surroundings around, Deadline deadline) {
        int size = around.configuration().value(CoreOptions.SIZE);
        if (size > 1) {
            throw new ConfigurationException(CoreOptions.RANK.key() + " and " + CoreOptions.SIZE.key()
                    + " go together; only " + CoreOptions.SIZE.key() + " is set, and no launcher tells the rank");
        }
        return new SingletonBootstrap();
    }
}
