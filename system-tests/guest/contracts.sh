#!/usr/bin/env bash
# Runs contract tests of the RDMA transport on real verbs, in the guest (guest.sh). Without arguments those that CI runs.
#
#   contracts.sh [all | TestClass[#method]...]
#
# With LIBDISNI=FILE in the environment DiSNI's own provider can be tested, too (RdmaJni...), on that libdisni.so.
# Exit code 0 if some tests ran and all passed; 69, after a line that says why, if this machine has no guest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"

if [ $# -eq 0 ]; then
    set -- RdmaMendTest RdmaRefusalTest RdmaPiecesTest RdmaPlacesTest RdmaRunsTest RdmaSpiContractTest RdmaPutGetContractTest RdmaAtomicContractTest RdmaFenceContractTest \
        RdmaNotificationContractTest RdmaBoundsContractTest RdmaLeaseContractTest
elif [ "$*" = all ]; then
    # shellcheck disable=SC2046
    set -- $(cd transport-rdma/src/test/java/org/porthole/transport/rdma && ls | sed -n 's/^\(Rdma.*\(Contract\|Mend\|Refusal\|Pieces\|Places\|Runs\)Test\)\.java$/\1/p')
fi
"$here/guest.sh" --deadline 120 ibv_devinfo >/dev/null

JAVA_HOME=$(./porthole --java-home)
export JAVA_HOME
mvn -B -q -pl transport-rdma -am -DskipTests test-compile org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
    -Dmdep.outputFile=target/test.classpath -Dmdep.includeScope=test
disni=()
if [ -n "${LIBDISNI:-}" ]; then
    disni=("-Djava.library.path=$(dirname "$LIBDISNI")" "-Dporthole.test.rdma.libdisni=$LIBDISNI" --add-exports=java.base/sun.nio.ch=ALL-UNNAMED)
fi
exec "$here/guest.sh" --deadline "${GUEST_DEADLINE:-1500}" "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx1g -Djava.io.tmpdir=/run \
    --enable-native-access=ALL-UNNAMED -Dporthole.test.require=rdma -Dporthole.test.rdma.link=eth0 -Djunit.jupiter.execution.timeout.mode=disabled "${disni[@]}" \
    -cp "transport-rdma/target/classes:transport-rdma/target/test-classes:$(cat transport-rdma/target/test.classpath)" \
    org.porthole.transport.rdma.RunTests "$@"
