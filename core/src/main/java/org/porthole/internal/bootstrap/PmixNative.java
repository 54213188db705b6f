package org.porthole.internal.bootstrap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.porthole.JoinException;

/// The seven functions of PMIx's client library that joining takes. The library is never unloaded: it keeps a thread of its own.
///
/// All are called with five words: on the processors that the JVM has foreign functions for, these are passed in registers, of which a function
/// reads those that it takes. The first call of each kind costs a JVM milliseconds, so that there is one kind, which is called before the server is
/// spoken to.
///
/// The layouts are those of versions 3 to 5: `pmix_proc_t` is a name of 256 bytes and an int; `pmix_value_t` a short and, at 8, a union of 24
/// bytes; `pmix_info_t` a key of 512 bytes, flags, and at 520 a value.
///
/// **Source.** PMIx Standard 4.1, 3.2 and 5; pmix_common.h. System V ABI, AMD64, 3.2.3; Procedure Call Standard for the Arm 64-bit Architecture, 6.8.2.
@SuppressWarnings("restricted") // foreign functions are what this class is for
final class PmixNative {
    private static final int SUCCESS = 0;
    private static final int UNREACHABLE = -25;
    private static final int NAME_BYTES = 256;
    private static final int PROC_BYTES = 260;
    private static final int VALUE_BYTES = 32;
    private static final int VALUE_AT = 8;
    private static final int INFO_BYTES = 552;
    private static final int INFO_VALUE_AT = 520;
    private static final int RANK_WILDCARD = -2;
    private static final short TYPE_BOOL = 1;
    private static final short TYPE_STRING = 3;
    private static final byte SCOPE_GLOBAL = 3;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final FunctionDescriptor WORDS =
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final long NULL = 0;
    private static PmixNative loaded;

    private final SymbolLookup library;
    private final MethodHandle init;
    private final MethodHandle put;
    private final MethodHandle commit;
    private final MethodHandle fence;
    private final MethodHandle get;
    private final MethodHandle end;
    private final MemorySegment self = Arena.global().allocate(PROC_BYTES, Integer.BYTES);

    private PmixNative(SymbolLookup library) {
        this.library = library;
        init = function("PMIx_Init");
        put = function("PMIx_Put");
        commit = function("PMIx_Commit");
        fence = function("PMIx_Fence");
        get = function("PMIx_Get");
        end = function("PMIx_Finalize");
        int ignored = call(function("PMIx_Initialized"), NULL, NULL, NULL, NULL, NULL);
        try (Arena scratch = Arena.ofConfined()) {
            // As if a rank had put it and another got it: the first access of each kind takes milliseconds too.
            MemorySegment found = scratch.allocate(ADDRESS);
            found.set(ADDRESS, 0, value(scratch, "rehearsal"));
            var _ = text(0, found.get(ADDRESS, 0).reinterpret(VALUE_BYTES));
            var _ = collecting(scratch);
            var _ = rank(scratch, RANK_WILDCARD);
        }
    }

    /// The library, loaded once.
    ///
    /// @param name what the dynamic linker is asked for
    /// @throws IllegalArgumentException if it is not found
    /// @throws UnsatisfiedLinkError     if it lacks a function
    static synchronized PmixNative load(String name) {
        if (loaded == null) {
            loaded = new PmixNative(SymbolLookup.libraryLookup(name, Arena.global()));
        }
        return loaded;
    }

    private MethodHandle function(String name) {
        return LINKER.downcallHandle(
                library.find(name).orElseThrow(() -> new UnsatisfiedLinkError("it has no function " + name)), WORDS);
    }

    /// Connects to the server that the environment names.
    void init() {
        int status = call(init, self.address(), NULL, 0, NULL, NULL);
        if (status == UNREACHABLE) {
            throw new JoinException(
                    "no server answers at what PMIX_SERVER_URI... name; if this process is no rank of that job, "
                            + "unset PMIX_RANK or choose porthole.job.method=alone");
        }
        require("PMIx_Init", status);
    }

    int rank() {
        return self.get(JAVA_INT, NAME_BYTES);
    }

    /// Makes a text readable by the others after the next [#fence()].
    void put(String key, String text) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment value = value(scratch, text);
            MemorySegment name = scratch.allocateFrom(key);
            require("PMIx_Put", call(put, SCOPE_GLOBAL, name.address(), value.address(), NULL, NULL));
            require("PMIx_Commit", call(commit, NULL, NULL, NULL, NULL, NULL));
        }
    }

    private static MemorySegment value(Arena scratch, String text) {
        MemorySegment value = scratch.allocate(VALUE_BYTES, Long.BYTES);
        value.set(JAVA_SHORT, 0, TYPE_STRING);
        value.set(ADDRESS, VALUE_AT, scratch.allocateFrom(text));
        return value;
    }

    /// Waits for all ranks of the job, and gathers what they have put.
    void fence() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment info = collecting(scratch);
            MemorySegment all = rank(scratch, RANK_WILDCARD);
            require("PMIx_Fence", call(fence, all.address(), 1, info.address(), 1, NULL));
        }
    }

    private static MemorySegment collecting(Arena scratch) {
        MemorySegment info = scratch.allocate(INFO_BYTES, Long.BYTES);
        info.setString(0, "pmix.collect");
        info.set(JAVA_SHORT, INFO_VALUE_AT, TYPE_BOOL);
        info.set(JAVA_BYTE, INFO_VALUE_AT + VALUE_AT, (byte) 1);
        return info;
    }

    /// What the server knows of the job.
    int number(String key) {
        try (Arena scratch = Arena.ofConfined()) {
            return value(scratch, RANK_WILDCARD, key).get(JAVA_INT, VALUE_AT);
        }
    }

    /// What a rank has put.
    String text(int rank, String key) {
        try (Arena scratch = Arena.ofConfined()) {
            return text(rank, value(scratch, rank, key));
        }
    }

    private static String text(int rank, MemorySegment value) {
        if (value.get(JAVA_SHORT, 0) != TYPE_STRING) {
            throw new JoinException("rank " + rank + " published something else than a text");
        }
        MemorySegment text = value.get(ADDRESS, VALUE_AT);
        return text.reinterpret(LauncherExchange.MAX_CHARS + 1L).getString(0);
    }

    /// A value that the library has allocated. It is read once per job, and not worth a function more to free it.
    private MemorySegment value(Arena scratch, int rank, String key) {
        MemorySegment found = scratch.allocate(ADDRESS);
        MemorySegment name = scratch.allocateFrom(key);
        MemorySegment whose = rank(scratch, rank);
        require("PMIx_Get of " + key, call(get, whose.address(), name.address(), NULL, 0, found.address()));
        return found.get(ADDRESS, 0).reinterpret(VALUE_BYTES);
    }

    private MemorySegment rank(Arena scratch, int rank) {
        MemorySegment proc = scratch.allocate(PROC_BYTES, Integer.BYTES);
        MemorySegment.copy(self, 0, proc, 0, NAME_BYTES);
        proc.set(JAVA_INT, NAME_BYTES, rank);
        return proc;
    }

    /// Takes leave of the server.
    void end() {
        require("PMIx_Finalize", call(end, NULL, 0, NULL, NULL, NULL));
    }

    private void require(String what, int status) {
        if (status != SUCCESS) {
            MethodHandle errorString = LINKER.downcallHandle(
                    library.find("PMIx_Error_string").orElseThrow(), FunctionDescriptor.of(ADDRESS, JAVA_INT));
            MemorySegment text;
            try {
                text = (MemorySegment) errorString.invokeExact(status);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw thrown(e);
            }
            throw new JoinException(
                    what + " says " + text.reinterpret(NAME_BYTES).getString(0) + " (" + status + ")");
        }
    }

    private static int call(MethodHandle function, long first, long second, long third, long fourth, long fifth) {
        try {
            return (int) function.invokeExact(first, second, third, fourth, fifth);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    private static IllegalStateException thrown(Throwable e) {
        return new IllegalStateException("a foreign function has thrown", e);
    }
}
