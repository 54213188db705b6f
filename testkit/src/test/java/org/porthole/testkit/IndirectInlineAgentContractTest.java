package org.porthole.testkit;

class IndirectInlineAgentContractTest extends InlineAgentContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
