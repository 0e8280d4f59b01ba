#!/bin/sh
# Makes the container's file tree in this mount namespace, steps into it, and becomes the container's command.
# enter.sh ROOT MOUNTS ACCESS FOLDER USER GROUP GROUPS COMMAND…
#   ROOT    an empty folder     MOUNTS  a file with a line `ro|rw SOURCE TARGET` for each mount
#   ACCESS  ro or rw: the root  GROUPS  supplementary ones, with commas, or a dash
# Programs by their paths: PATH is the container's.
# Descriptor 3 is the container's stderr.
exec 2>&3 3>&-
set -eu
root=$1 mounts=$2 access=$3 folder=$4 user=$5 group=$6 groups=$7
shift 7
/usr/bin/mount -t tmpfs -o mode=755,nosuid,nodev,size=256m image "$root"
for name in bin sbin lib lib64; do
  if [ -L "/$name" ]; then /usr/bin/ln -s "usr/$name" "$root/$name"; fi
done
/usr/bin/mkdir -p "$root/usr" "$root/etc" "$root/proc" "$root/dev" "$root/.host" "$root/home/node" "$root/root" "$root/tmp"
/usr/bin/chmod 1777 "$root/tmp"
/usr/bin/mount -t tmpfs -o mode=755,nosuid,noexec,size=64k dev "$root/dev"
for name in null zero full random urandom; do
  : >"$root/dev/$name"
  /usr/bin/mount --bind "/dev/$name" "$root/dev/$name"
done
/usr/bin/ln -s /proc/self/fd "$root/dev/fd"
while read -r mode source target; do
  if [ -d "$source" ]; then
    /usr/bin/mkdir -p "$root$target"
  elif [ ! -e "$root$target" ]; then
    /usr/bin/mkdir -p "$(/usr/bin/dirname "$root$target")"
    : >"$root$target"
  fi
  /usr/bin/mount -o "bind,$mode" "$source" "$root$target"
done <"$mounts"
/usr/bin/mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
echo "$HOSTNAME" >/proc/sys/kernel/hostname
cd "$root"
/usr/sbin/pivot_root . .host
/usr/bin/umount -l /.host
/usr/bin/rmdir /.host
if [ "$access" = ro ]; then /usr/bin/mount -o remount,ro /; fi
/usr/bin/mkdir -p "$folder" 2>/dev/null || :
cd "$folder"
if [ "$groups" = - ]; then groups=--clear-groups; else groups="--groups=$groups"; fi
exec /usr/bin/setpriv --reuid="$user" --regid="$group" "$groups" --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
