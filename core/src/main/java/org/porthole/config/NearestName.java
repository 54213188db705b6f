package org.porthole.config;

import java.util.Collection;
import java.util.Locale;

/// Finds the known name that a misspelt one was probably meant to be.
public final class NearestName {
    private NearestName() {}

    /// The known name with the smallest edit distance, if it is near enough to be a slip of the keyboard.
    ///
    /// @param given what was written
    /// @param known what could have been meant
    /// @return the name, or an empty string
    public static String to(String given, Collection<String> known) {
        String best = "";
        int least = Math.max(2, given.length() / 3) + 1;
        for (String name : known) {
            int distance = distance(given.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    /// Levenshtein's distance.
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            int[] swap = above;
            above = row;
            row = swap;
        }
        return above[b.length()];
    }
}
