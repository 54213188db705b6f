#!/usr/bin/env bash
# Runs a command on a virtual machine that has an RDMA device: Soft-RoCE (rdma_rxe) under Debian's own kernel, in QEMU's plain emulation.
#
#   guest.sh [--deadline SECONDS] [--memory MiB] [--out FOLDER] [--host N --wire PORT] COMMAND [ARGUMENT...]
#
# The guest sees this machine's files, read-only, and runs as root in the present folder with the present PATH and JAVA_HOME. /tmp, /run and /dev/shm are
# its own; what it leaves in $GUEST_OUT is found in FOLDER. Output and exit code are the command's; 124 if the deadline (600 s) ended it, and
# 69 if this machine lacks something, which the last line says. Guests with --host 1 and --host 2 are two hosts, 10.5.0.1 and 10.5.0.2, whose device is on
# a wire between them, for which a TCP port of this machine stands. What is downloaded and made is kept in ${PORTHOLE_GUEST_CACHE:-~/.cache/porthole/guest}.
set -euo pipefail

deadline=600
memory=3072
out=
host=1
network=user,id=net0,restrict=on
while [ $# -gt 0 ]; do
    case $1 in
        --deadline) deadline=$2 && shift 2 ;;
        --memory) memory=$2 && shift 2 ;;
        --out) out=$2 && shift 2 ;;
        --host) host=$2 && shift 2 ;;
        --wire)
            [ "$host" = 1 ] && network=socket,id=net0,listen=127.0.0.1:$2 || network=socket,id=net0,connect=127.0.0.1:$2
            shift 2
            ;;
        *) break ;;
    esac
done
[ $# -gt 0 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2 && exit 64; }

cache=${PORTHOLE_GUEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/porthole/guest}
mkdir -p "$cache"

lack() {
    echo "guest: $1" >&2
    exit 69
}

# --- What it takes -----------------------------------------------------------------------------------------------------
missing=()
for pair in qemu-system-x86_64:qemu-system-x86 modprobe:kmod cpio:cpio rdma:iproute2 ibv_devinfo:ibverbs-utils ib_write_lat:perftest; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
[ -x /bin/busybox ] || missing+=(busybox-static)
ls /usr/lib/*/libibverbs/librxe-rdmav*.so >/dev/null 2>&1 || missing+=(ibverbs-providers)
if [ ${#missing[@]} -gt 0 ]; then
    lack "this machine lacks packages: apt-get install ${missing[*]}"
fi

# --- Kernel and initramfs, made once -----------------------------------------------------------------------------------
modules="virtio_pci virtio_net 9pnet_virtio 9p overlay dummy crc32_generic rdma_rxe rdma_ucm"

# Downloads the kernel that Debian's linux-image-amd64 stands for, and unpacks it; nothing is installed.
unpack_kernel() {
    local package
    package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[^ ]*\)/\1/p' | head -n 1)
    [ -n "$package" ] || lack "no kernel is known to apt: apt-get update"
    mkdir -p "$cache/dl"
    (cd "$cache/dl" && { ls "$package"_*.deb >/dev/null 2>&1 || apt-get download -q "$package" >&2; }) || lack "cannot download $package"
    rm -rf "$cache/root.new"
    dpkg -x "$(ls "$cache/dl/$package"_*.deb | head -n 1)" "$cache/root.new"
    depmod -b "$cache/root.new" "$(ls "$cache/root.new/lib/modules")"
    rm -rf "$cache/root"
    mv "$cache/root.new" "$cache/root"
}

make_initramfs() {
    local tree version
    tree=$(mktemp -d)
    version=$(ls "$cache/root/lib/modules")
    mkdir -p "$tree/bin" "$tree/proc" "$tree/sys" "$tree/dev" "$tree/host" "$tree/modules"
    cp /bin/busybox "$tree/bin/busybox"
    for module in $modules; do
        modprobe -d "$cache/root" -S "$version" --show-depends "$module"
    done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' | while read -r file; do
        cp "$file" "$tree/modules/"
        basename "$file" >>"$tree/modules/order"
    done
    cp "$(dirname "$0")/init" "$tree/init"
    chmod +x "$tree/init"
    (cd "$tree" && find . | cpio -o -H newc --quiet | gzip -1) >"$cache/initramfs.new"
    mv "$cache/initramfs.new" "$cache/initramfs"
    rm -rf "$tree"
}

(
    flock 9
    [ -d "$cache/root" ] || unpack_kernel
    [ "$cache/initramfs" -nt "$(dirname "$0")/init" ] || make_initramfs
) 9>"$cache/lock"
kernel=$(ls "$cache"/root/boot/vmlinuz-*)

# --- Run ---------------------------------------------------------------------------------------------------------------
share=$(mktemp -d)
trap 'rm -rf "$share"' EXIT
mkdir "$share/out"
{
    printf 'cd %q\nexport PATH=%q GUEST_OUT=/share/out\n' "$PWD" "$PATH:/usr/sbin:/sbin"
    [ -z "${JAVA_HOME:-}" ] || printf 'export JAVA_HOME=%q\n' "$JAVA_HOME"
    printf '%q ' "$@"
    echo
} >"$share/command"

# The guest's first serial line is the console, the second the command's output.
code=0
timeout -k 5 "$deadline" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m "$memory" \
    -display none -no-reboot -nodefaults -monitor none -serial "file:$share/console" -serial stdio \
    -kernel "$kernel" -initrd "$cache/initramfs" \
    -append "console=ttyS0 quiet panic=-1 net.ifnames=0 guesthost=$host clearcpuid=112,297,580" \
    -netdev "$network" -device "virtio-net-pci,netdev=net0,mac=52:54:00:12:34:5$host" \
    -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap \
    -device virtio-9p-pci,fsdev=host,mount_tag=host \
    -fsdev "local,id=share,path=$share,security_model=none" -device virtio-9p-pci,fsdev=share,mount_tag=share \
    </dev/null || code=$?
if [ -n "$out" ]; then
    mkdir -p "$out"
    cp -r "$share/out/." "$out/"
fi
if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
    echo "guest: ended after $deadline s" >&2
    exit 124
fi
if [ ! -s "$share/code" ]; then
    tail -n 30 "$share/console" >&2
    lack "the guest did not come to the end of its command"
fi
exit "$(cat "$share/code")"
