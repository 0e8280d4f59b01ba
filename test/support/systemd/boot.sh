#!/bin/sh
# Starts a systemd that sees the machine's files and can change none of them: what it writes goes to an overlay in memory, and
# the real root is unmounted before it begins. To be run in namespaces of its own: mounts (private), processes, IPC, host
# name and control groups.
#   boot.sh <an empty folder> <a folder that is shared with who starts it> <the project's folder>
set -eu
base=$1 shared=$2 project=$3

mount -t tmpfs -o mode=0755 tmpfs "$base"
mkdir "$base/upper" "$base/work" "$base/root"
mount -t overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" overlay "$base/root"
cd "$base/root"

# What is shared with the machine is one folder. Its settings (/proc/sys, /sys) can only be read, its devices are not there.
mount -t tmpfs -o mode=0755 tmpfs dev
device() { mknod -m 666 "dev/$1" c "$2" "$3"; }
device null 1 3
device zero 1 5
device full 1 7
device random 1 8
device urandom 1 9
device tty 5 0
mkdir dev/pts dev/shm dev/mqueue dev/hugepages
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=0755 tmpfs run
for folder in tmp var/tmp var/log root home opt; do mount -t tmpfs -o mode=1777 tmpfs "$folder"; done
mkdir -p ".$shared"
mount --bind "$shared" ".$shared"
mkdir -p ".$project"
mount --bind "$project" ".$project"
mount -o remount,bind,ro ".$project"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup

# No unit of the machine's own, and none that is made from its settings: only the journal, and empty stages of a boot.
mount -t tmpfs -o mode=0755 tmpfs usr/lib/systemd/system-generators
mount -t tmpfs -o mode=0755 tmpfs etc/systemd/system
: > etc/fstab
for unit in systemd-journald.service systemd-journald.socket systemd-journald-dev-log.socket; do
  cp "usr/lib/systemd/system/$unit" etc/systemd/system/
done
for target in sysinit basic multi-user network network-online shutdown umount sockets; do
  printf '[Unit]\nDefaultDependencies=no\n' > "etc/systemd/system/$target.target"
done
printf '[Unit]\nDefaultDependencies=no\nWants=systemd-journald.socket systemd-journald.service\n' > etc/systemd/system/multi-user.target

mkdir .machine
pivot_root . .machine
umount -l /.machine
rmdir /.machine
# Whatever went wrong above, no systemd begins on the machine's own files.
[ "$(stat -f -c %T /)" = overlayfs ] && [ "$(stat -f -c %T /tmp)" = tmpfs ] && [ "$(stat -f -c %T /run)" = tmpfs ]

exec env -i container=gatewright-test PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_UNIT_PATH=/etc/systemd/system \
  /lib/systemd/systemd --system --unit=multi-user.target --log-target=journal --show-status=0
