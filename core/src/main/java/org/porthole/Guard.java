package org.porthole;

/// What keeps the owner's hands off its part under [ExposurePolicy#DONT_TOUCH] while peers may reach it.
public enum Guard {
    /// The Java VM: the scope of the view ends, and with it every slice. Costs next to nothing, and does not see native code.
    SCOPE,
    /// The Java VM, and the processor's page tables: the view is a mapping of its own, which is replaced by one of an empty file while the part is exposed, so
    /// that native code and forged segments are refused too. Such a touch is an [InternalError] in Java code, which the VM survives, and a crash in native
    /// code; the mapping's name in the crash report, or in `/proc/self/maps`, is `porthole-exposed:` and the window's.
    ///
    /// Experimental; on shared memory only. Costs system calls, and the page faults of the next touches.
    PAGES,
    /// Nobody: views outlive exposures, and the program keeps its promise. The part is still taken from peers while it is in hand.
    NONE
}
