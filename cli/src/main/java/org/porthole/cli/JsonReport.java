package org.porthole.cli;

import java.util.Locale;
import org.porthole.Launchers;
import org.porthole.Transports;
import org.porthole.cli.text.JsonWriter;
import org.porthole.config.Configuration;
import org.porthole.config.Option;
import org.porthole.config.OptionTable;

/// A survey for programs: one JSON object.
final class JsonReport {
    private final Survey survey;
    private final JsonWriter json = new JsonWriter();

    JsonReport(Survey survey) {
        this.survey = survey;
    }

    /// The object, on one line.
    String text() {
        json.beginObject();
        json.name("version").value(survey.version());
        json.name("java").value(survey.java());
        json.name("javaHome").value(survey.javaHome());
        json.name("os").value(survey.os());
        json.name("architecture").value(survey.architecture());
        json.name("cores").value(survey.cores());
        json.name("launchers").beginArray();
        survey.launchers().forEach(this::launcher);
        json.endArray().name("transports").beginArray();
        survey.transports().forEach(this::transport);
        json.endArray().name("routes").beginArray();
        survey.choices().forEach(this::choice);
        json.endArray().name("findings").beginArray();
        survey.findings().forEach(this::finding);
        json.endArray().name("settings").beginArray();
        survey.configuration().tables().forEach(this::table);
        return json.endArray().endObject().toString();
    }

    private void launcher(Launchers.Status status) {
        json.beginObject();
        json.name("method").value(status.method());
        json.name("taken").value(status.taken());
        json.name("words").value(status.words());
        json.endObject();
    }

    private void transport(Transports.Status status) {
        json.beginObject();
        json.name("name").value(status.name());
        json.name("reaches").value(status.reaches());
        json.name("available").value(status.available());
        json.name("enabled").value(status.enabled());
        json.name("cause").value(status.cause());
        json.name("remedy").value(status.remedy());
        json.endObject();
    }

    private void choice(Transports.Choice choice) {
        json.beginObject();
        json.name("peer").value(choice.peer());
        json.name("transport").value(choice.transport());
        json.name("reason").value(choice.reason());
        json.endObject();
    }

    private void finding(Transports.Finding finding) {
        json.beginObject();
        json.name("transport").value(finding.transport());
        json.name("level").value(finding.level());
        json.name("code").value(finding.code());
        json.name("sentence").value(finding.sentence());
        json.name("remedy").value(finding.remedy());
        json.endObject();
    }

    private void table(OptionTable table) {
        table.rows().forEach(option -> option(table.title(), option));
    }

    private void option(String title, Option<?> option) {
        Configuration.Setting<?> setting = survey.configuration().setting(option);
        json.beginObject();
        json.name("key").value(option.key());
        json.name("value").value(setting.shownText());
        json.name("default").value(option.defaultText());
        json.name("source").value(setting.source().name().toLowerCase(Locale.ROOT));
        json.name("kind").value(option.kind());
        json.name("variable").value(option.environmentName());
        json.name("secret").value(option.secret());
        json.name("part").value(title);
        json.name("sentence").value(option.sentence());
        json.endObject();
    }
}
