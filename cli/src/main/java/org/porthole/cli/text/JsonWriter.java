package org.porthole.cli.text;

/// Writes one JSON value as text.
///
/// The caller keeps the order: `name` before each value of an object, `begin` and `end` in pairs. Commas are put where they belong.
///
/// **Threads.** One.  **Source.** RFC 8259.
public final class JsonWriter {
    private final StringBuilder text = new StringBuilder();
    private boolean comma;

    /// An empty text.
    public JsonWriter() {}

    /// Begins an object.
    ///
    /// @return this
    public JsonWriter beginObject() {
        return begin('{');
    }

    /// Ends the object begun last.
    ///
    /// @return this
    public JsonWriter endObject() {
        return end('}');
    }

    /// Begins an array.
    ///
    /// @return this
    public JsonWriter beginArray() {
        return begin('[');
    }

    /// Ends the array begun last.
    ///
    /// @return this
    public JsonWriter endArray() {
        return end(']');
    }

    /// Names the value that follows.
    ///
    /// @param name the name
    /// @return this
    public JsonWriter name(String name) {
        separate();
        quote(name);
        text.append(':');
        comma = false;
        return this;
    }

    /// Writes a string.
    ///
    /// @param value the characters; unpaired surrogates are escaped
    /// @return this
    public JsonWriter value(String value) {
        separate();
        quote(value);
        return this;
    }

    /// Writes an integer.
    ///
    /// @param value the number
    /// @return this
    public JsonWriter value(long value) {
        separate();
        text.append(value);
        return this;
    }

    /// Writes a number.
    ///
    /// @param value the number; `null` is written for those that JSON lacks
    /// @return this
    public JsonWriter value(double value) {
        separate();
        text.append(Double.isFinite(value) ? Double.toString(value) : "null");
        return this;
    }

    /// Writes `true` or `false`.
    ///
    /// @param value which
    /// @return this
    public JsonWriter value(boolean value) {
        separate();
        text.append(value);
        return this;
    }

    /// What was written.
    ///
    /// @return the JSON text, on one line
    @Override
    public String toString() {
        return text.toString();
    }

    private JsonWriter begin(char bracket) {
        separate();
        text.append(bracket);
        comma = false;
        return this;
    }

    private JsonWriter end(char bracket) {
        text.append(bracket);
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            text.append(',');
        }
        comma = true;
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || (Character.isSurrogate(c) && !isPaired(value, i))) {
                        text.append("\\u").append(String.format("%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static boolean isPaired(String value, int at) {
        return Character.isHighSurrogate(value.charAt(at))
                ? at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
    }
}
