"""The user that the servers run as: ourselves, unless we are root; PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training_analyzer.embedded.errors import DataDirectoryUnusable

PREFERRED_USERS = ("training-analyzer", "nobody")
"""Who runs the servers when root starts them; the first that exists. initdb needs a user with a name."""


@dataclass(frozen=True)
class ServerAccount:
    """An unprivileged user that root lends to the servers."""

    name: str
    user_id: int
    group_id: int

    def may_read(self, paths: Sequence[Path]) -> bool:
        """Whether the user may read all of these files and enter all of these folders."""
        test = 'for path; do test -r "$path" || exit 1; test ! -d "$path" -o -x "$path" || exit 1; done'
        return self._succeeds(test, paths)

    def may_enter(self, folder: Path) -> bool:
        """Whether the user may reach what lies in the folder, given its name."""
        return self._succeeds('test -x "$1"', [folder])

    def _succeeds(self, shell_test: str, paths: Sequence[Path]) -> bool:
        # asked of the kernel as that user: mode bits alone would miss ACLs and mount options
        finished = subprocess.run(
            ["/bin/sh", "-c", shell_test, "sh", *map(str, paths)],
            user=self.user_id,
            group=self.group_id,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return finished.returncode == 0


def server_account(cluster: Path | None) -> ServerAccount | None:
    """Choose who runs the servers on this PostgreSQL data directory, if it is there; None means ourselves."""
    if os.geteuid() != 0:
        return None
    if cluster is not None and cluster.exists() and cluster.stat().st_uid != 0:
        return _account(pwd.getpwuid(cluster.stat().st_uid))
    for name in PREFERRED_USERS:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise DataDirectoryUnusable(
        "PostgreSQL does not run as root, and there is no user 'nobody' to run it as. "
        "Create a system user named 'training-analyzer', or start as an ordinary user."
    )


def _account(entry: pwd.struct_passwd) -> ServerAccount:
    return ServerAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)
