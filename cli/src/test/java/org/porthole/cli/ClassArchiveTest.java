package org.porthole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassArchiveTest {
    @TempDir
    private Path folder;

    @AfterEach
    void clearProperties() {
        System.clearProperty(ClassArchive.PROPERTY);
        System.clearProperty(ClassArchive.NEW_PROPERTY);
    }

    private Path archive(String text) throws IOException {
        Path archive = Files.writeString(folder.resolve("a.jsa"), text);
        System.setProperty(ClassArchive.PROPERTY, archive.toString());
        return archive;
    }

    @Test
    void shouldUseTheArchive() throws IOException {
        Path archive = archive("classes");
        assertThat(ClassArchive.arguments(List.of("-Xmx1g"))).contains("-XX:SharedArchiveFile=" + archive);
        assertThat(ClassArchive.making(0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@file",
                "-Xshare:off",
                "-XX:SharedArchiveFile=b",
                "-XX:+AutoCreateSharedArchive",
                "-XX:AOTCache=c"
            })
    void shouldLeaveTheChoiceToTheUser(String chosen) throws IOException {
        archive("classes");
        assertThat(ClassArchive.arguments(List.of("-ea", chosen))).isEmpty();
    }

    @Test
    void shouldDoWithoutWhereThereIsNone() throws IOException {
        assertThat(ClassArchive.arguments(List.of())).isEmpty();
        archive("");
        assertThat(ClassArchive.arguments(List.of())).isEmpty();
        System.setProperty(ClassArchive.PROPERTY, folder.resolve("b.jsa").toString());
        assertThat(ClassArchive.arguments(List.of())).isEmpty();
    }

    @Test
    void shouldMakeItByOneRankWithoutAnOlderOne() throws IOException {
        archive("classes");
        System.setProperty(ClassArchive.NEW_PROPERTY, "new.jsa");
        assertThat(ClassArchive.arguments(List.of())).isEmpty();
        assertThat(ClassArchive.making(0)).contains("-XX:ArchiveClassesAtExit=new.jsa");
        assertThat(ClassArchive.making(1)).isEmpty();
    }
}
