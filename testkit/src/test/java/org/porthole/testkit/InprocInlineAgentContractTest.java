package org.porthole.testkit;

class InprocInlineAgentContractTest extends InlineAgentContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
