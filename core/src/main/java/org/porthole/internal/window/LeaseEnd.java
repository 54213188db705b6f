package org.porthole.internal.window;

/// Why a lease has ended, in the words of its line.
enum LeaseEnd {
    NONE("there is no lease"),
    TIME("its time is over"),
    REVOKED("its owner has revoked it"),
    STRAGGLER("its owner went on without a rank that did not come back from an operation");

    private static final LeaseEnd[] ALL = values();

    private final String words;

    LeaseEnd(String words) {
        this.words = words;
    }

    @SuppressWarnings("EnumOrdinal") // all ranks run the same version
    long word() {
        return ordinal();
    }

    static String describe(long word) {
        return word > 0 && word < ALL.length ? ALL[(int) word].words : NONE.words;
    }
}
