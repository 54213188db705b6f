#!/bin/bash
# netns-up.sh [N] [TAG]: N hosts as network namespaces TAG1..TAGN (10.77.0.K) + TAGhead (10.77.0.254, holds the bridge).
# Writes $TMPDIR/netns-TAG/{hosts,rsh,in,names}; netns-TAG/rsh HOST CMD... is an ssh stand-in (rsh agent), netns-TAG/in HOST CMD...
# runs a command there with the caller's environment. Needs root and iproute2.
set -euo pipefail
N=${1:-3} TAG=${2:-h}; D=${TMPDIR:-/tmp}/netns-$TAG
[ -e $D ] && { echo "$D exists"; exit 1; }
mkdir -p $D; : > $D/names; cp /etc/hosts $D/hosts; echo "10.77.0.254 ${TAG}head" >> $D/hosts
ip netns add ${TAG}head; echo ${TAG}head >> $D/names
ip -n ${TAG}head link set lo up
ip -n ${TAG}head link add br0 type bridge
ip -n ${TAG}head addr add 10.77.0.254/24 dev br0
ip -n ${TAG}head link set br0 up
for k in $(seq $N); do
  ip netns add $TAG$k; echo $TAG$k >> $D/names
  ip -n ${TAG}head link add v$k type veth peer name eth0 netns $TAG$k
  ip -n ${TAG}head link set v$k master br0 up
  ip -n $TAG$k addr add 10.77.0.$k/24 dev eth0
  ip -n $TAG$k link set eth0 up; ip -n $TAG$k link set lo up
  echo "10.77.0.$k $TAG$k" >> $D/hosts
  mkdir -p $D/tmp.$TAG$k
done
mkdir -p $D/tmp.${TAG}head
cat > $D/rsh <<R
#!/bin/bash
# ssh stand-in: rsh [-opt ...] HOST COMMAND... ; the command runs under a shell, as with ssh, on "host" HOST
D=$D
while [ "\${1#-}" != "\$1" ]; do case \$1 in -l|-o|-p|-i) shift 2;; *) shift;; esac; done
h=\$1; shift
echo "\$(date +%T) \$h \$*" >> $D/rsh.log
exec env -i PATH=$PATH HOME=$HOME nsenter --net=/run/netns/\$h unshare --uts --mount sh -c '
  hostname "\$1"; mount --bind '$D'/hosts /etc/hosts; cd /; shift; exec sh -c "\$*"' sh "\$h" "\$@"
R
cat > $D/in <<R
#!/bin/bash
# in HOST COMMAND...: runs COMMAND as if on HOST, with the caller's environment
h=\$1; shift
exec nsenter --net=/run/netns/\$h unshare --uts --mount sh -ec '
  hostname "\$1"; mount --bind '$D'/hosts /etc/hosts; shift; exec "\$@"' sh "\$h" "\$@"
R
chmod +x $D/rsh $D/in
echo "up: $(tr '\n' ' ' < $D/names)"
