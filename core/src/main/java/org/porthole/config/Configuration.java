package org.porthole.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.porthole.ConfigurationException;
import org.porthole.spi.TransportProvider;

/// All settings of a job, resolved once, each with the place it came from. Immutable.
///
/// Sources, weakest first: the default, the file, the environment, system properties, the program. An unknown `porthole.*` key in any of them
/// is an error that names the nearest known one.
public final class Configuration {
    /// Names the file to read, as a system property.
    public static final String FILE_PROPERTY = "porthole.config";

    /// Names the file to read, as an environment variable.
    public static final String FILE_VARIABLE = "PORTHOLE_CONFIG";

    private static final String DEFAULT_FILE = "porthole.properties";
    private static final String PREFIX = "porthole.";
    private static final String VARIABLE_PREFIX = "PORTHOLE_";
    /// Read by the launcher script and by tests, not by the runtime.
    private static final Set<String> FOREIGN_VARIABLES = Set.of(FILE_VARIABLE, "PORTHOLE_JAVA_HOME", "PORTHOLE_JVM");

    private static final String FOREIGN_PROPERTY_PREFIX = "porthole.test.";

    private final List<OptionTable> tables;
    private final Map<String, Setting<?>> settings;

    private Configuration(List<OptionTable> tables, Map<String, Setting<?>> settings) {
        this.tables = tables;
        this.settings = settings;
    }

    /// A setting's value and where it came from.
    ///
    /// @param <T>    the value's type
    /// @param option the row
    /// @param text   the value as written
    /// @param value  the value
    /// @param source where it came from
    public record Setting<T>(Option<T> option, String text, T value, Source source) {
        static <T> Setting<T> parse(Option<T> option, String text, Source source, String place) {
            try {
                return new Setting<>(option, text, option.parser().apply(text), source);
            } catch (IllegalArgumentException | ArithmeticException e) {
                String shown = option.secret() ? "(hidden)" : '"' + text + '"';
                String reason = e instanceof NumberFormatException ? "not a number" : e.getMessage();
                throw new ConfigurationException(
                        place + ": " + shown + " is no value for " + option.key() + ": " + reason + "; expected "
                                + option.kind(),
                        e);
            }
        }

        /// Shows no secret.
        @Override
        public String toString() {
            return option.key() + "=" + shownText() + " (" + source + ")";
        }

        /// The value as it may be shown to people.
        ///
        /// @return the text, or `(hidden)` for secrets
        public String shownText() {
            return option.secret() && !text.isEmpty() ? "(hidden)" : text;
        }
    }

    /// Resolves the settings of this process, those of every transport on the class path included.
    ///
    /// @return the settings
    /// @throws ConfigurationException if a key is unknown, a value cannot be used, or the file cannot be read
    public static Configuration load() {
        Properties system = System.getProperties();
        Map<String, String> properties = new TreeMap<>();
        system.stringPropertyNames().forEach(name -> properties.put(name, system.getProperty(name)));
        return load(properties, System.getenv());
    }

    /// Resolves settings from given properties and variables.
    ///
    /// @param properties  what stands for the system properties
    /// @param environment what stands for the environment
    /// @return the settings
    /// @throws ConfigurationException if a key is unknown, a value cannot be used, or the file cannot be read
    public static Configuration load(Map<String, String> properties, Map<String, String> environment) {
        List<OptionTable> tables = Stream.concat(
                        Stream.of(CoreOptions.TABLE),
                        ServiceLoader.load(TransportProvider.class, Configuration.class.getClassLoader()).stream()
                                .map(provider -> provider.get().options())
                                .filter(table -> !table.rows().isEmpty()))
                .toList();
        return resolve(tables, properties, environment);
    }

    static Configuration resolve(
            List<OptionTable> tables, Map<String, String> properties, Map<String, String> environment) {
        Map<String, Option<?>> known = new LinkedHashMap<>();
        tables.forEach(table -> table.rows().forEach(option -> known.put(option.key(), option)));
        Map<String, Setting<?>> settings = new LinkedHashMap<>();
        known.values()
                .forEach(option -> settings.put(
                        option.key(), Setting.parse(option, option.defaultText(), Source.DEFAULT, "default")));
        readFile(known, properties, environment)
                .forEach((key, file) ->
                        settings.put(key, Setting.parse(known.get(key), file.text, Source.FILE, file.place)));
        Map<String, String> keyOfVariable = new LinkedHashMap<>();
        known.values().forEach(option -> keyOfVariable.put(option.environmentName(), option.key()));
        environment.forEach((name, text) -> {
            if (name.startsWith(VARIABLE_PREFIX) && !FOREIGN_VARIABLES.contains(name)) {
                String key = keyOfVariable.get(name);
                if (key == null) {
                    throw unknown("environment variable " + name, name, keyOfVariable.keySet());
                }
                settings.put(
                        key, Setting.parse(known.get(key), text, Source.ENVIRONMENT, "environment variable " + name));
            }
        });
        properties.forEach((name, text) -> {
            if (name.startsWith(PREFIX) && !name.equals(FILE_PROPERTY) && !name.startsWith(FOREIGN_PROPERTY_PREFIX)) {
                Option<?> option = known.get(name);
                if (option == null) {
                    throw unknown("system property " + name, name, known.keySet());
                }
                if (option.secret()) {
                    throw new ConfigurationException("system property " + name
                            + ": a secret on a command line can be read by every user of the host; set "
                            + option.environmentName() + " instead");
                }
                settings.put(name, Setting.parse(option, text, Source.PROPERTY, "system property " + name));
            }
        });
        return new Configuration(tables, Map.copyOf(settings));
    }

    private record FileText(String text, String place) {}

    private static Map<String, FileText> readFile(
            Map<String, Option<?>> known, Map<String, String> properties, Map<String, String> environment) {
        String named = properties.getOrDefault(FILE_PROPERTY, environment.getOrDefault(FILE_VARIABLE, ""));
        Path path;
        try {
            path = Path.of(named.isEmpty() ? DEFAULT_FILE : named);
        } catch (InvalidPathException e) {
            throw new ConfigurationException("the configuration file's name is no path: " + e.getMessage(), e);
        }
        Map<String, FileText> found = new TreeMap<>();
        if (named.isEmpty() && !Files.exists(path)) {
            return found;
        }
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(path)) {
            file.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(
                    "cannot read the configuration file " + path.toAbsolutePath() + ": " + e, e);
        }
        for (String key : file.stringPropertyNames()) {
            if (!known.containsKey(key)) {
                throw unknown(path + ": " + key, key, known.keySet());
            }
            found.put(key, new FileText(file.getProperty(key), path.toString()));
        }
        return found;
    }

    /// These settings with one replaced by the program.
    ///
    /// @param option the row
    /// @param text   the value, as a person writes it
    /// @return new settings
    /// @throws ConfigurationException if the text is no value for the option
    public Configuration with(Option<?> option, String text) {
        Map<String, Setting<?>> changed = new LinkedHashMap<>(settings);
        changed.put(option.key(), Setting.parse(option, text, Source.CODE, "program"));
        return new Configuration(tables, Map.copyOf(changed));
    }

    /// The value of an option.
    ///
    /// @param <T>    its type
    /// @param option the row
    /// @return the value
    public <T> T value(Option<T> option) {
        return setting(option).value();
    }

    /// The value of an option, with its source.
    ///
    /// @param <T>    its type
    /// @param option the row
    /// @return the setting
    @SuppressWarnings("unchecked") // a setting is stored under its own option's key
    public <T> Setting<T> setting(Option<T> option) {
        Setting<?> setting = settings.get(option.key());
        if (setting == null) {
            throw new IllegalArgumentException("option " + option.key() + " is in no table of this configuration");
        }
        return (Setting<T>) setting;
    }

    /// The tables that these settings were resolved against: the runtime's and one per transport that has options.
    ///
    /// @return the tables
    public List<OptionTable> tables() {
        return tables;
    }

    private static ConfigurationException unknown(String place, String given, Set<String> known) {
        String nearest = NearestName.to(given.toLowerCase(Locale.ROOT), known);
        return new ConfigurationException(
                place + " is not a setting" + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?")
                        + " (porthole info --config lists them)");
    }
}
