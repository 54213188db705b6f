package org.porthole.testkit;

import org.porthole.config.Configuration;

class IndirectRaceContractTest extends RaceContract {
    @Override
    protected String transport() {
        return "indirect";
    }

    @Override
    protected Configuration configuration() {
        return super.configuration().with(IndirectOptions.SEED, "4711");
    }
}
