package org.porthole.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private final JsonWriter json = new JsonWriter();

    @Test
    void shouldPutCommasBetweenValues() {
        json.beginObject()
                .name("a")
                .value(1)
                .name("b")
                .beginArray()
                .value("x")
                .value(true)
                .beginObject()
                .endObject();
        json.endArray().name("c").beginArray().endArray().name("d").value(-2.5).endObject();
        assertThat(json).hasToString("{\"a\":1,\"b\":[\"x\",true,{}],\"c\":[],\"d\":-2.5}");
    }

    @Test
    void shouldEscapeWhatMustBe() {
        json.value("\"\\/\b\f\n\r\t\u0000\u001f\u007f");
        assertThat(json).hasToString("\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0000\\u001f\\u007f\"");
    }

    @Test
    void shouldKeepOtherCharacters() {
        json.value("\u00e9\u20ac\ud83d\ude00");
        assertThat(json).hasToString("\"\u00e9\u20ac\ud83d\ude00\"");
    }

    @Test
    void shouldEscapeUnpairedSurrogates() {
        json.value("\ud83dx\ude00");
        assertThat(json).hasToString("\"\\ud83dx\\ude00\"");
    }

    @Test
    void shouldEscapeNames() {
        assertThat(json.beginObject().name("a\"b").value(0).endObject()).hasToString("{\"a\\\"b\":0}");
    }

    @Test
    void shouldWriteNullForWhatIsNoNumber() {
        assertThat(json.beginArray()
                        .value(Double.NaN)
                        .value(Double.POSITIVE_INFINITY)
                        .endArray())
                .hasToString("[null,null]");
    }
}
