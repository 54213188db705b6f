package org.porthole.transport.tcp;

import org.porthole.testkit.InlineAgentContract;
class TcpInlineAgentContractTest extends InlineAgentContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
