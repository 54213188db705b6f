package org.porthole.transport.rdma;

import org.porthole.testkit.InlineAgentContract;
class RdmaInlineAgentContractTest extends InlineAgentContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
