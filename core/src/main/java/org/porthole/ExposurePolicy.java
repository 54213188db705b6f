package org.porthole;

/// Who keeps the owner's hands off its part of a window while peers may reach it.
public enum ExposurePolicy {
    /// The Java VM: [Window#local()] gives a view that ends when an exposure begins.
    DONT_TOUCH,
    /// Nobody needs to: there is no local view. The owner puts and gets like any peer, and epochs cost nothing locally.
    NEVER_TOUCH,
    /// Nobody needs to: each rank has two memories, of which peers reach one and [Window#local()] the other, and [Window#stage()] exchanges them
    /// without copying a byte. Takes twice the memory.
    STAGED,
    /// The program: [Window#local()] and [Window#shared(int)] give views that stay valid as long as the window, and the program sees to it
    /// that nothing is read or written while a peer writes it (MPI's unified memory model, MPI-4.1, 12.4).
    UNGUARDED
}
