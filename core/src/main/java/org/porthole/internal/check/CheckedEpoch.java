package org.porthole.internal.check;

import org.porthole.Epoch;

/// An epoch in which all ranks, or neighbours, both expose and access.
public final class CheckedEpoch extends CheckedAccess implements Epoch {
    private Epoch epoch;

    CheckedEpoch(CheckedWindow window, Form form) {
        super(window, form);
    }

    CheckedEpoch begin(Epoch begun, int... covered) {
        epoch = begun;
        super.begin(begun, covered);
        return this;
    }

    @Override
    public Epoch next() {
        ending();
        if (isOpen() && form == Form.EXCHANGE) {
            beginningNext();
        }
        epoch.next();
        ended();
        if (form == Form.EXCHANGE) {
            begunNext();
        }
        return this;
    }
}
