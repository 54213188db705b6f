package org.porthole;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Whom a rank exposes its part of a window to, and what each of them may do. Immutable.
///
/// ```java
/// ExposureSpec.to(1, 2).allowing(Right.READ).and(ExposureSpec.to(3).within(0, 4096))
/// ```
///
/// @param grants what each rank gets; at most one per rank
public record ExposureSpec(List<Grant> grants) {
    /// Checks and copies.
    ///
    /// @throws IllegalArgumentException if a rank is named twice
    public ExposureSpec {
        grants = List.copyOf(grants);
        Set<Integer> named = new HashSet<>();
        for (Grant grant : grants) {
            if (!named.add(grant.rank())) {
                throw new IllegalArgumentException("rank " + grant.rank() + " is named twice");
            }
        }
    }

    /// An exposure of the whole part, with all rights.
    ///
    /// @param ranks who may reach it, each once; may be none
    /// @return the request
    /// @throws IllegalArgumentException  if a rank is named twice
    /// @throws IndexOutOfBoundsException if a rank is negative
    public static ExposureSpec to(int... ranks) {
        return new ExposureSpec(Arrays.stream(ranks)
                .mapToObj(rank -> new Grant(rank, EnumSet.allOf(Right.class), 0, Grant.REST))
                .toList());
    }

    /// The same request with other rights for all its ranks.
    ///
    /// @param rights what they may do, at least one
    /// @return the request
    /// @throws IllegalArgumentException if there are none
    public ExposureSpec allowing(Right... rights) {
        return each(grant -> new Grant(grant.rank(), Set.of(rights), grant.offset(), grant.length()));
    }

    /// The same request on a range, for all its ranks.
    ///
    /// @param offset the first byte that they may reach
    /// @param length how many bytes
    /// @return the request
    /// @throws IndexOutOfBoundsException if one is negative
    public ExposureSpec within(long offset, long length) {
        return each(grant -> new Grant(grant.rank(), grant.rights(), offset, length));
    }

    private ExposureSpec each(UnaryOperator<Grant> change) {
        return new ExposureSpec(grants.stream().map(change).toList());
    }

    /// This request and another.
    ///
    /// @param other what other ranks get
    /// @return the request
    /// @throws IllegalArgumentException if both name a rank
    public ExposureSpec and(ExposureSpec other) {
        List<Grant> both = new ArrayList<>(grants);
        both.addAll(other.grants);
        return new ExposureSpec(both);
    }
}
