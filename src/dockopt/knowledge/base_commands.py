"""Commands that every Debian image has, the slim ones included, and builtins of its shell.

Source: files of the packages with Priority required and Essential yes in Debian 12 and 13.
"""

BUILTINS = frozenset(
    ". : [ [[ alias bg break case cd command continue declare echo eval exec exit export false fg getopts hash if jobs"
    " kill let local printf pwd read readonly return set shift shopt source test times trap true type typeset ulimit"
    " umask unalias unset wait while until for done do then else fi esac mapfile pushd popd".split()
)

ESSENTIAL = frozenset(
    "arch awk base32 base64 basename basenc bash cat chcon chgrp chmod chown chroot cksum clear cmp comm cp csplit cut"
    " dash date dd debconf df diff diff3 dir dircolors dirname dmesg dnsdomainname dpkg du env expand expr factor"
    " fgrep egrep find flock fmt fold getent getopt grep groups gunzip gzip head hostid hostname iconv id infocmp"
    " install ionice join last ldd link ln locale localedef logger login logname ls lsblk mawk mcookie md5sum mkdir"
    " mkfifo mknod mktemp more mount mountpoint mv namei nice nl nohup nproc numfmt od paste pathchk pinky pr"
    " printenv ptx readlink realpath renice rev rgrep rm rmdir run-parts savelog script sdiff sed seq setpriv setsid sh"
    " sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty su sum sync tac tail"
    " tar taskset tee tempfile timeout touch tr truncate tsort tty tzselect umount uname unexpand uniq unlink unshare"
    " users vdir wc whereis which who whoami xargs yes zcat zdiff zgrep zless zmore apt apt-get apt-cache apt-key"
    " useradd usermod userdel groupadd groupmod groupdel gpasswd passwd chpasswd chsh nologin dpkg-query"
    " update-alternatives update-rc.d invoke-rc.d ldconfig tput tset tabs".split()
)

WRITES_FILES_ONLY = frozenset(
    "mkdir touch chmod chown chgrp ln useradd groupadd usermod groupmod adduser addgroup echo printf true : install"
    " passwd chpasswd rm mv cp sed tee cat test [ ldconfig update-alternatives sh-nothing id ls pwd date cd set export"
    " find xargs tr cut grep locale-gen".split()
)
"""Programs of Debian's base that work on the image's own files; a RUN made of them can stand in the runtime stage."""
