package org.porthole.cli;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.porthole.cli.text.UsageException;

/// The words by which a user says what to run: `PROGRAM [args]`, or `--main CLASS [args]`.
final class ProgramWords {
    private ProgramWords() {}

    /// What is to be run.
    ///
    /// @param mainClass the class with the main method
    /// @param arguments its arguments
    record Chosen(String mainClass, List<String> arguments) {}

    /// Decides what is to be run.
    ///
    /// @param command   what messages call the command
    /// @param mainClass the value of `--main`, or an empty string
    /// @param classPath the value of `--cp`, where further programs may be listed
    /// @param rest      the words after the options
    /// @return the choice
    /// @throws UsageException if nothing is named, or what does not exist
    static Chosen choose(String command, String mainClass, String classPath, List<String> rest) {
        ClassLoader loader = loader(classPath);
        if (mainClass.isEmpty() && rest.isEmpty()) {
            throw new UsageException(command
                    + ": no program; porthole list names those there are, and --main CLASS runs one of your own");
        }
        boolean isNamed = mainClass.isEmpty();
        String chosen = isNamed ? Programs.of(loader).named(rest.getFirst()).mainClass() : mainClass;
        if (loader.getResource(chosen.replace('.', '/') + ".class") == null) {
            throw new UsageException(
                    command + ": there is no class " + chosen + " on the class path (--cp adds to it)");
        }
        return new Chosen(chosen, isNamed ? rest.subList(1, rest.size()) : rest);
    }

    /// All programs that can be run by name.
    ///
    /// @param classPath searched after this command's own class path
    /// @return the programs
    static Programs programs(String classPath) {
        return Programs.of(loader(classPath));
    }

    private static ClassLoader loader(String classPath) {
        ClassLoader own = ClassLoader.getSystemClassLoader();
        return classPath.isEmpty() ? own : new URLClassLoader(urls(classPath), own);
    }

    private static URL[] urls(String classPath) {
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            if (entry.endsWith("*")) {
                File[] files = new File(entry.substring(0, entry.length() - 1))
                        .listFiles((folder, name) -> name.endsWith(".jar"));
                for (File file : Objects.requireNonNullElse(files, new File[0])) {
                    urls.add(url(file.toPath()));
                }
            } else {
                urls.add(url(Path.of(entry)));
            }
        }
        return urls.toArray(URL[]::new);
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UsageException("--cp: " + path + " is no path: " + e.getMessage());
        }
    }
}
