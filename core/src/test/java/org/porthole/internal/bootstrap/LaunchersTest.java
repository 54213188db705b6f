package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.porthole.ConfigurationException;
import org.porthole.Launchers;
import org.porthole.config.Configuration;

/// Which launcher a process finds in which environment, as real ones leave it.
class LaunchersTest {
    @TempDir
    private Path folder;

    private Surroundings around(String variables, String... settings) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder.toString());
        for (String each : variables.split(" ", -1)) {
            int end = each.indexOf('=');
            environment.put(each.substring(0, end), each.substring(end + 1));
        }
        Map<String, String> own = new TreeMap<>();
        for (String each : settings) {
            int end = each.indexOf('=');
            own.put(each.substring(0, end), each.substring(end + 1));
        }
        return new Surroundings(Configuration.load(Map.of(), own), environment, folder.resolve("hosts"));
    }

    private static Launchers.Status taken(Surroundings around) {
        List<Launchers.Status> all = Bootstraps.statuses(around);
        assertThat(all.subList(0, all.size() - 1)).noneMatch(Launchers.Status::taken);
        assertThat(all.getLast().taken()).isTrue();
        return all.getLast();
    }

    @ParameterizedTest
    @CsvSource({
        "X=1, alone, a world of one",
        "PMI_PORT=node1:4000 PMI_ID=3, pmi, process 3 of the server at node1:4000",
        "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 SLURM_PROCID=0 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=2, openmpi, rank 1 of 4",
        "SLURM_PROCID=2 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=4, slurm, rank 2 of 4",
        "SLURM_PROCID=0 SLURM_NTASKS=4 SLURM_JOB_ID=7, alone, a world of one",
        "SLURM_PROCID=0 SLURM_STEP_ID=4294967290 SLURM_STEP_NUM_TASKS=1, alone, a world of one",
    })
    void shouldFindTheLauncher(String variables, String method, String words) {
        Launchers.Status taken = taken(around(variables));
        assertThat(taken.method()).isEqualTo(method);
        assertThat(taken.words()).contains(words);
    }

    @Test
    void shouldPreferSettings() {
        Launchers.Status taken =
                taken(around("PMI_PORT=node1:4000 PMI_ID=3", "PORTHOLE_JOB_RANK=1", "PORTHOLE_JOB_SIZE=2"));
        assertThat(taken.method()).isEqualTo("settings");
        assertThat(taken.words()).contains("rank 1 of 2");
    }

    @ParameterizedTest
    @CsvSource({
        "PMIX_RANK=0 PMIX_NAMESPACE=j, pmix, no PMIX_SERVER_URI... is set",
        "PMIX_RANK=0 PMIX_NAMESPACE=j PMIX_SERVER_URI2=x, pmix, libnone.so.7 cannot be used",
        "PMI_FD=997 PMI_RANK=0 PMI_SIZE=2, pmi, is no open file",
        "PMI_FD=0, pmi, PMI_RANK and PMI_SIZE are not",
        "SLURM_PROCID=0, slurm, 'a job''s script, not a step of srun'",
        "SLURM_STEP_ID=4294967290, slurm, a shell or script",
        "JOB_COMPLETION_INDEX=1, kubernetes, PORTHOLE_JOB_SIZE is not",
    })
    void shouldSayWhyNot(String variables, String method, String reason) {
        List<Launchers.Status> all = Bootstraps.statuses(around(variables, "PORTHOLE_JOB_PMIX_LIBRARY=libnone.so.7"));
        assertThat(all)
                .filteredOn(each -> each.method().equals(method))
                .singleElement()
                .satisfies(each -> assertThat(each.taken()).isFalse())
                .satisfies(each -> assertThat(each.words()).contains(reason));
        assertThat(all.getLast().method()).isEqualTo("alone");
    }

    @Test
    void shouldTakeTheWayThatIsAskedForOrNone() {
        String both = "PMI_PORT=node1:4000 PMI_ID=3 SLURM_PROCID=2 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=4";
        assertThat(taken(around(both, "PORTHOLE_JOB_METHOD=slurm")).method()).isEqualTo("slurm");
        assertThat(taken(around(both, "PORTHOLE_JOB_METHOD=alone")).method()).isEqualTo("alone");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Bootstraps.statuses(around(both, "PORTHOLE_JOB_METHOD=openmpi")))
                .withMessageContainingAll("porthole.job.method=openmpi", "OMPI_COMM_WORLD_RANK");
    }

    @Test
    void shouldRefuseSettingsThatContradictTheLauncher() {
        Surroundings around = around(
                "SLURM_PROCID=2 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=4 SLURM_STEP_NODELIST=n1", "PORTHOLE_JOB_SIZE=3");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Bootstraps.choose(around))
                .withMessageContainingAll("porthole.job.size=3", "the launcher says 4");
    }

    @Test
    void shouldSayWhatMpirunLacksForSeveralHostsWithoutPmix() {
        Surroundings around = around("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_SIZE=2");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Bootstraps.choose(around))
                .withMessageContainingAll("libpmix", "mpirun -x PORTHOLE_JOB_RENDEZVOUS=host:port");
    }

    @Test
    void shouldNotBeAloneInAJobOfSeveral() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Bootstraps.choose(around("X=1", "PORTHOLE_JOB_SIZE=2")))
                .withMessageContaining("only porthole.job.size is set");
    }

    @ParameterizedTest
    @CsvSource({
        "n1, n1",
        "'n07,n09', n07",
        "'n[07-09,12],m3', n07",
        "'n[5,8-9]', n5",
        "'r[1-2]n[4-5]', r1n4",
        "'gpu-a[001-100].cluster', gpu-a001.cluster",
    })
    void shouldNameTheFirstNode(String list, String first) {
        assertThat(SlurmLauncher.firstNode(list)).isEqualTo(first);
    }

    @Test
    void shouldNameThePodOfRankZero() throws Exception {
        Files.writeString(folder.resolve("hosts"), """
                # Kubernetes-managed hosts file.
                127.0.0.1	localhost
                10.1.2.3	heat-3.heat.default.svc.cluster.local	heat-3
                """);
        Surroundings pod = around("HOSTNAME=heat-3 JOB_COMPLETION_INDEX=3", "PORTHOLE_JOB_SIZE=4");
        assertThat(taken(pod).words()).contains("rank 3 of 4");
        assertThat(KubernetesLauncher.nameOfZero(pod, 3)).isEqualTo("heat-0.heat.default.svc.cluster.local");
    }

    @Test
    void shouldSayWhatAPodLacks() throws Exception {
        Surroundings pod = around("HOSTNAME=heat-3 JOB_COMPLETION_INDEX=3", "PORTHOLE_JOB_SIZE=4");
        Files.writeString(folder.resolve("hosts"), "10.1.2.3 heat-3\n");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Bootstraps.choose(pod))
                .withMessageContainingAll("subdomain", "headless Service");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> Bootstraps.choose(around("HOSTNAME=other JOB_COMPLETION_INDEX=3", "PORTHOLE_JOB_SIZE=4")))
                .withMessageContaining("HOSTNAME=other");
    }
}
