package org.porthole.testkit;

import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

class RelayedCollectiveContractTest extends CollectiveContract {
    @Override
    protected String transport() {
        return "indirect";
    }

    @Override
    protected Configuration configuration() {
        return super.configuration().with(CoreOptions.ARRIVALS, "relayed");
    }
}
