package org.porthole.cli;

import java.util.Locale;
import org.porthole.Launchers;
import org.porthole.Transports;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.Option;
import org.porthole.config.OptionTable;

/// A survey for people.
final class TextReport {
    private final Survey survey;
    private final StringBuilder text = new StringBuilder();

    TextReport(Survey survey) {
        this.survey = survey;
    }

    /// Lines, those of every setting too if `config` says so.
    String text(boolean config) {
        String cores = survey.cores() + (survey.cores() == 1 ? " core" : " cores");
        line("porthole  " + survey.version());
        line("java      " + survey.java() + ", " + survey.javaHome());
        line("system    " + survey.os() + ' ' + survey.architecture() + ", " + cores);
        heading("Launcher");
        survey.launchers().forEach(this::launcher);
        heading("Transports");
        survey.transports().forEach(this::transport);
        heading("Routes");
        survey.choices().forEach(this::choice);
        if (config) {
            survey.configuration().tables().forEach(this::table);
        }
        return text.toString();
    }

    private void launcher(Launchers.Status status) {
        line("  %-12s %-4s %s".formatted(status.method(), status.taken() ? "yes" : "no", status.words()));
    }

    private void transport(Transports.Status status) {
        String use = status.available() ? "available" : "not available";
        String exclusion = status.enabled() ? "" : ", not enabled by " + CoreOptions.TRANSPORTS.key();
        line("  %-12s reaches the same %-8s %s%s".formatted(status.name(), status.reaches(), use, exclusion));
        if (!status.available()) {
            line("      why:    " + status.cause());
            line("      remedy: " + status.remedy());
        }
        survey.findings().stream()
                .filter(each ->
                        each.transport().equals(status.name()) && each.level().equals("fact"))
                .forEach(each -> line("      " + each.sentence()));
    }

    private void choice(Transports.Choice choice) {
        String transport = shown(choice.transport());
        line("  %-14s %-12s %s".formatted(choice.peer(), transport, choice.reason()));
    }

    private void table(OptionTable table) {
        heading("Settings: " + table.title());
        table.rows().forEach(this::option);
    }

    private void option(Option<?> option) {
        Configuration.Setting<?> setting = survey.configuration().setting(option);
        String source = setting.source().name().toLowerCase(Locale.ROOT);
        line("  " + option.key() + " = " + shown(setting.shownText()));
        line("      " + option.sentence());
        line("      %s; default %s; set by %s; %s"
                .formatted(option.kind(), shown(option.defaultText()), source, option.environmentName()));
    }

    private static String shown(String value) {
        return value.isEmpty() ? "(none)" : value;
    }

    private void heading(String words) {
        line("");
        line(words);
    }

    private void line(String words) {
        text.append(words).append(System.lineSeparator());
    }
}
