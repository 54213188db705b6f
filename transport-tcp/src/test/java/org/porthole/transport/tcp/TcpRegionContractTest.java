package org.porthole.transport.tcp;

import org.porthole.testkit.RegionContract;

class TcpRegionContractTest extends RegionContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
