"""PDF twins of Office files, through LibreOffice, with the faces that this machine has in place of Windows' own."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

FACES = {"楷体": "LXGW WenKai", "宋体": "Noto Serif CJK SC", "黑体": "Noto Sans CJK SC", "微软雅黑": "Noto Sans CJK SC"}


def write(paths: list[Path]) -> None:
    """One LibreOffice run a folder of files: starting it is what takes the time."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "fonts.conf").write_text(_font_rules(), encoding="utf-8")
        environment = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
        for path in paths:
            command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
            command += ["--outdir", str(path.parent), str(path)]
            subprocess.run(command, env=environment, check=True, capture_output=True)


def _font_rules() -> str:
    aliases = "".join(
        f'<match target="pattern"><test name="family"><string>{asked}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{given}</string></edit></match>'
        for asked, given in FACES.items()
    )
    return f'<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include>{aliases}</fontconfig>'
