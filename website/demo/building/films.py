"""Micro-lessons (微课) as small .mp4: drawn frames with captions, soft chimes, subtitles as .vtt."""

import math
import struct
import subprocess
import wave
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageDraw

from website.demo.building.boards import wrap
from website.demo.building.figures import Primitive, as_picture
from website.demo.building.look import COLOURS, SUBJECT, font

SIZE = (854, 480)
RATE = 22050
NOTES = (523.25, 587.33, 659.25, 783.99, 880.0)  # a pentatonic scale


def write_subtitles(path: Path, transcript: list[Mapping[str, Any]]) -> None:
    cues = [f"{_clock(cue['start'])} --> {_clock(cue['end'])}\n{cue['text']}\n" for cue in transcript]
    path.write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")


def _clock(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02d}:{seconds % 60:06.3f}"


def write_film(path: Path, part: Mapping[str, Any], subject: str, figures: Mapping[str, list[Primitive]]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        listing = []
        for number, cue in enumerate(part["transcript"]):
            picture = _frame(part, cue, subject, figures)
            picture.quantize(64).save(folder / f"{number}.png")
            listing.append(f"file '{number}.png'\nduration {cue['end'] - cue['start']}")
        listing.append(f"file '{len(listing) - 1}.png'")
        (folder / "list.txt").write_text("\n".join(listing), encoding="utf-8")
        _write_chimes(folder / "sound.wav", part)
        command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "concat", "-safe", "0", "-i", "list.txt"]
        command += ["-i", "sound.wav", "-t", str(part["duration"]), "-r", "10", "-c:v", "libx264", "-preset", "slow"]
        command += [
            "-crf",
            "27",
            "-tune",
            "stillimage",
            "-pix_fmt",
            "yuv420p",
            "-g",
            "100",
            "-c:a",
            "aac",
            "-b:a",
            "24k",
        ]
        command += ["-metadata", f"title={part['title']}", "-movflags", "+faststart", str(path.resolve())]
        subprocess.run(command, cwd=folder, check=True)


def _scene(part: Mapping[str, Any], second: float) -> Mapping[str, Any]:
    return [frame for frame in part["frames"] if frame["start"] <= second][-1]


def _frame(
    part: Mapping[str, Any], cue: Mapping[str, Any], subject: str, figures: Mapping[str, list[Primitive]]
) -> Image.Image:
    scene, colour = _scene(part, cue["start"]), f"#{SUBJECT[subject][1]}"
    picture = Image.new("RGB", SIZE, f"#{COLOURS['paper']}")
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, 0, SIZE[0], 7], fill=colour)
    pen.rectangle([34, 34, 40, 72], fill=colour)
    pen.text((54, 53), scene["title"], font=font(32), fill=f"#{COLOURS['ink']}", anchor="lm")
    lines = [piece for line in scene["lines"] for piece in wrap(line, 9)]
    for number, line in enumerate(lines):
        pen.text((54, 150 + number * 46), line, font=font(26), fill=f"#{COLOURS['brown']}")
    picture.paste(as_picture(figures[scene["figure"]], 490), (330, 84))
    pen.rectangle([330, 84, 820, 388], outline="#D6CFBF")
    caption = caption_lines(cue["text"])
    pen.rectangle([0, 404, SIZE[0], SIZE[1]], fill=f"#{COLOURS['ink']}")
    for number, line in enumerate(caption):
        pen.text(
            (427, 442 + (number - (len(caption) - 1) / 2) * 31),
            line.strip(),
            font=font(24),
            fill="#FFFFFF",
            anchor="mm",
        )
    pen.rectangle([0, 400, SIZE[0] * cue["end"] / part["duration"], 403], fill=colour)
    return picture


def caption_lines(words: str) -> list[str]:
    """One line, or two that break after the punctuation nearest the middle, rather at the end of a sentence."""
    if len(wrap(words, 29)) == 1:
        return [words]
    breaks = [place + 1 for place, mark in enumerate(words[:-1]) if mark in "，。；？！：.?!"] or [len(words) // 2]
    middle = min(breaks, key=lambda place: abs(place - len(words) / 2) - 3 * (words[place - 1] in "。？！.?!"))
    return [words[:middle], words[middle:]]


def _write_chimes(path: Path, part: Mapping[str, Any]) -> None:
    """A soft note at each sentence, so that the sound track is a real one."""
    samples = [0.0] * (RATE * part["duration"])
    for number, cue in enumerate(part["transcript"]):
        start, tone = int(cue["start"] * RATE), NOTES[number * 2 % len(NOTES)]
        for step in range(min(RATE * 2, len(samples) - start)):
            at = step / RATE
            samples[start + step] += 0.16 * math.exp(-2.6 * at) * math.sin(math.tau * tone * at)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(b"".join(struct.pack("<h", int(32000 * sample)) for sample in samples))
