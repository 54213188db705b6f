package org.porthole.transport.shm;

import org.porthole.testkit.InlineAgentContract;
class ShmInlineAgentContractTest extends InlineAgentContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
