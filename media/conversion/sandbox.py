"""LibreOffice behind a wall: bubblewrap without network, without the site's files, with limits. No wall, no preview.

An office program that opens a stranger's file is the most dangerous thing this site runs; it never runs bare.
"""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SECONDS = 90
MEGABYTE = 1024 * 1024
LIMITS = ("--as=6442450944", "--data=2147483648", f"--cpu={SECONDS}", f"--fsize={256 * MEGABYTE}", "--core=0")
INSIDE = "/work"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Whether Office files can be converted here, and the reason in words for staff where they cannot."""

    office: str = ""
    wall: str = ""
    reason: str = ""

    @property
    def is_ready(self) -> bool:
        return not self.reason


@cache
def here() -> Sandbox:
    """Look once a process: the programs are there and the wall really stands."""
    office, wall, limits = shutil.which("soffice"), shutil.which("bwrap"), shutil.which("prlimit")
    if office is None:
        return Sandbox(reason="这台服务器没有装 LibreOffice，Office 文件没有预览")
    if wall is None or limits is None:
        return Sandbox(reason="这台服务器没有沙箱（bubblewrap），为安全起见不打开 Office 文件")
    try:
        tried = subprocess.run([*walled(wall), "/usr/bin/true"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return Sandbox(reason=f"沙箱起不来（{type(problem).__name__}），为安全起见不打开 Office 文件")
    if tried.returncode:
        said = tried.stderr.decode(errors="replace").strip()[:120]
        return Sandbox(reason=f"沙箱起不来（{said}），为安全起见不打开 Office 文件")
    return Sandbox(office=office, wall=wall)


def walled(wall: str) -> list[str]:
    """The wall: a read-only system, an empty /tmp, no network, no other process, gone when we are gone."""
    shown = [
        part
        for path in ("/etc/fonts", "/etc/libreoffice", "/etc/alternatives", "/etc/ld.so.cache", "/opt/libreoffice")
        for part in ("--ro-bind-try", path, path)
    ]
    links = [
        part
        for name in ("bin", "lib", "lib64", "sbin")
        if Path(f"/{name}").is_symlink()
        for part in ("--symlink", f"usr/{name}", f"/{name}")
    ]
    plain = [
        part
        for name in ("bin", "lib", "lib64", "sbin")
        if Path(f"/{name}").is_dir() and not Path(f"/{name}").is_symlink()
        for part in ("--ro-bind", f"/{name}", f"/{name}")
    ]
    return [
        wall,
        *("--unshare-all", "--die-with-parent", "--new-session", "--clearenv"),
        *("--ro-bind", "/usr", "/usr", *links, *plain, *shown),
        *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp"),
        *("--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8", "--setenv", "HOME", INSIDE),
        *("--setenv", "SAL_USE_VCLPLUGIN", "svp"),
    ]


def command(sandbox: Sandbox, source: Path, extension: str, folder: Path, *, to: str = "pdf") -> list[str]:
    """Convert `source` to a PDF (or what `to` says) in `folder`/out. It is shown under a plain name, whatever it is called."""
    shown = f"{INSIDE}/in.{extension}"
    return [
        "prlimit",
        *LIMITS,
        *walled(sandbox.wall),
        *("--bind", str(folder), INSIDE, "--ro-bind", str(source), shown, "--chdir", INSIDE),
        sandbox.office,
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        f"-env:UserInstallation=file://{INSIDE}/profile",
        *("--convert-to", to, "--outdir", f"{INSIDE}/out", shown),
    ]
