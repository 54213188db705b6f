#!/usr/bin/env bash
# RDMA's figures: on one virtual machine, one after the other, the least that verbs can do in C (verbs-loop.c), the same through the transport (RdmaLoop),
# perftest, and bandwidth between two processes. Only ratios within one run mean anything: the machine is emulated.
#
#   figures.sh
#
# Needs a C compiler and libibverbs-dev, beside what guest.sh needs. Exit code 69, after a line that says why, if this machine has no guest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/guest.sh" --deadline 120 ibv_devinfo >/dev/null
cc -O2 -o "$work/verbs-loop" "$here/verbs-loop.c" -libverbs
JAVA_HOME=$(./porthole --java-home)
export JAVA_HOME
./porthole version >/dev/null # built before the guest needs it
mvn -B -q -pl transport-rdma -am -DskipTests test-compile org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
    -Dmdep.outputFile=target/test.classpath -Dmdep.includeScope=test
cat >"$work/run" <<'END'
loop() {
    "$1/verbs-loop" rxe0 1
}
loop "$1"
# One compiler: the emulator, whose reads of code are not whole, now and then crashes a JVM that redirects methods from code of one to that of the other.
"$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:-TieredCompilation \
    -cp "transport-rdma/target/classes:transport-rdma/target/test-classes:$(cat transport-rdma/target/test.classpath)" \
    org.porthole.transport.rdma.RdmaLoop
loop "$1"
pair() {
    echo "$*"
    "$@" -d rxe0 -x 1 -F >/dev/null 2>&1 &
    sleep 3
    "$@" -d rxe0 -x 1 -F 10.5.0.1 2>/dev/null | grep -A 1 '#bytes'
    wait
}
pair ib_atomic_lat -A FETCH_AND_ADD -n 2000
for bytes in 65536 1048576; do
    pair ib_write_bw -s $bytes -n 50
    pair ib_read_bw -s $bytes -n 50
done
PORTHOLE_JVM=-XX:-TieredCompilation PORTHOLE_TRANSPORTS=rdma ./porthole perf put-bw get-bw --sizes 64k,1m --samples 3
END
"$here/guest.sh" --deadline "${GUEST_DEADLINE:-600}" bash "$work/run" "$work"
