"""Text recognition (tekstintunnistus) by tesseract, where the machine has it: one process a page, one thread each.

The words come as hOCR: lines with their baselines, words with their boxes and how sure tesseract is of them.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from poytakirja.errors import UsageError
from poytakirja.read.normalise import normalise

__all__ = ["PACE", "Engine", "Failure", "Image", "OcrBudget", "ReadLine", "ReadWord", "find", "recognise"]

NEEDED, WELCOME = "fin", "swe"
"""The languages that tesseract has to have, and that it uses where it has it."""
MEGABYTES = 2048
"""Memory of one tesseract: a page takes a tenth of it."""
_INSTALL = """\
  Debian, Ubuntu   sudo apt install tesseract-ocr tesseract-ocr-fin tesseract-ocr-swe
  Fedora           sudo dnf install tesseract tesseract-langpack-fin tesseract-langpack-swe
  macOS            brew install tesseract tesseract-lang
  Windows          winget install UB-Mannheim.TesseractOCR, and choose Finnish and Swedish there; then run this under WSL"""
_TRIAL_SECONDS = 30.0
STARVED = 4
"""So many times its processor time a page may take where others keep the machine busy: what is read must not hang on that."""
_LEASH = str(Path(__file__).with_name("subprocess_limits.py"))


@dataclass(frozen=True, slots=True)
class Engine:
    """What recognises: a tesseract with its languages. ``models`` tells their files, of which there are several kinds."""

    path: str = field(compare=False)
    version: str
    languages: str
    models: str

    def __str__(self) -> str:
        return f"tesseract {self.version} {self.languages} {self.models}"


def find() -> Engine:
    """The machine's tesseract; UsageError says what is missing and how to install it."""
    path = shutil.which("tesseract")
    if path is None:
        raise UsageError(f"--ocr needs tesseract, which is not on this machine; install it with Finnish:\n{_INSTALL}")
    try:
        version = re.search(r"tesseract\s+v?(\d[\w.]*)", _said(path, "--version"))
        languages = _said(path, "--list-langs")
    except (OSError, subprocess.SubprocessError) as error:
        raise UsageError(f"--ocr: {path} does not run ({error}); install it again:\n{_INSTALL}") from error
    if version is None or int(version[1].split(".")[0]) < 4:
        raise UsageError(f"--ocr needs tesseract 4 or newer, but {path} is another; install a newer one:\n{_INSTALL}")
    has = languages.split()
    if NEEDED not in has:
        raise UsageError(f"--ocr: tesseract is here, but not its Finnish model ({NEEDED}.traineddata); install it:\n{_INSTALL}")
    chosen = [NEEDED, WELCOME] if WELCOME in has else [NEEDED]
    folder = re.search(r'"(?P<folder>[^"]+)"', languages)
    return Engine(path, version[1], "+".join(chosen), _hash(Path(folder["folder"]) if folder else None, chosen))


def _said(path: str, question: str) -> str:
    """What tesseract answers, on whichever stream."""
    answer = subprocess.run([path, question], capture_output=True, timeout=_TRIAL_SECONDS, check=True, stdin=subprocess.DEVNULL)
    return (answer.stdout + b"\n" + answer.stderr).decode(errors="replace")


def _hash(folder: Path | None, languages: list[str]) -> str:
    """Eight digits that tell one set of model files from another; ``unknown`` where tesseract does not say where they are."""
    digest = hashlib.sha256()
    try:
        for language in languages:
            digest.update(((folder or Path()) / f"{language}.traineddata").read_bytes())
    except OSError:
        return "unknown"
    return digest.hexdigest()[:8]


# ---------------------------------------------------------------- how much time and how many at once


@dataclass(frozen=True, slots=True)
class OcrBudget:
    """How pages are recognised: so many ``at_once``, in ``seconds`` of processor time on average; ``ask`` hears how long a
    document may take."""

    at_once: int = 1
    seconds: float = 10.0
    ask: Callable[[float], None] = lambda _: None

    @property
    def patience(self) -> float:
        """The seconds of processor time that a single page may take."""
        return 3 * self.seconds


PACE: ContextVar[OcrBudget] = ContextVar("PACE", default=OcrBudget())  # noqa: B039 (it cannot change)
"""The pace of this process: whoever reads documents within limits sets it."""


# ---------------------------------------------------------------- a page


@dataclass(frozen=True, slots=True)
class Image:
    """A page in grey: rows of bytes without padding, from the top; ``scale`` is pixels for each point."""

    width: int
    height: int
    scale: float
    greys: bytes = field(repr=False)


class ReadWord(NamedTuple):
    """A word read, its box in pixels (left, top, right, bottom), and how sure tesseract is of it (0–1)."""

    text: str
    box: tuple[float, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line: its words from left to right, its baseline at x = 0, what that falls for each pixel, and its letters' height."""

    words: list[ReadWord]
    base: float
    slope: float
    size: float


class Failure(Exception):  # noqa: N818 (not a document's error yet: its other pages may be fine)
    """A page is not recognised; ``slow`` where it took too long."""

    def __init__(self, slow: bool) -> None:
        super().__init__(slow)
        self.slow = slow


def recognise(engine: Engine, image: Image, seconds: float) -> list[ReadLine]:
    """The lines of a page; Failure where tesseract gives none in time, or dies.

    The Finnish model has no å, and the model that is named first has the first say: a page in Swedish is read again. Without any
    Finnish model it would be worse: the Swedish one loses bullets.
    """
    lines = _recognise(engine, engine.languages, image, seconds)
    if WELCOME in engine.languages and _is_swedish(lines):
        lines = _recognise(engine, f"{WELCOME}+{NEEDED}", image, seconds)
    return lines


_FINNISH = frozenset("ja on ei että sekä tai oli joka ovat".split())  # noqa: SIM905 (reads better)
_SWEDISH = frozenset("och att av som för till den det med är inte".split())  # noqa: SIM905


def _is_swedish(lines: list[ReadLine]) -> bool:
    """Whether the little words of a page are Swedish ones."""
    words = [word.text.casefold() for line in lines for word in line.words]
    return sum(word in _SWEDISH for word in words) > max(2, sum(word in _FINNISH for word in words))


def _recognise(engine: Engine, languages: str, image: Image, seconds: float) -> list[ReadLine]:
    """The lines of a page, read in some languages, the first having the first say."""
    leash = [sys.executable, "-I", "-S", _LEASH, str(int(seconds) + 1), str(MEGABYTES), str(os.getpid())]
    dpi = str(min(2400, max(70, round(72 * image.scale))))
    command = [*leash, engine.path, "-", "-", "-l", languages, "--dpi", dpi, "hocr"]
    told = ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in told if name in os.environ}
    try:
        done = subprocess.run(
            command,
            input=b"P5 %d %d 255\n%b" % (image.width, image.height, image.greys), capture_output=True, timeout=STARVED * seconds,
            env={**environment, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}, check=True,
        )  # fmt: skip
        return _lines(ElementTree.fromstring(done.stdout))
    except subprocess.TimeoutExpired as error:
        raise Failure(slow=True) from error
    except subprocess.CalledProcessError as error:
        raise Failure(slow=error.returncode in (-signal.SIGXCPU, -signal.SIGKILL)) from error
    except (OSError, subprocess.SubprocessError, ElementTree.ParseError) as error:
        raise Failure(slow=False) from error


_TRACES = "|_=~\\[]{}"
"""What ruled lines and the edges of pictures are read as."""
_LINES = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"})


def _lines(page: ElementTree.Element) -> list[ReadLine]:
    """The lines of hOCR that hold words."""
    found = []
    for element in page.iter():
        if element.get("class") in _LINES:
            about = _properties(element)
            words = [word for child in element.iter() if child.get("class") == "ocrx_word" and (word := _word(child))]
            slope, offset = about.get("baseline", [0.0, 0.0])
            x0, _, _, bottom = about["bbox"]
            if words:
                found.append(ReadLine(words, bottom + offset - slope * x0, slope, about["x_size"][0]))
    return found


def _properties(element: ElementTree.Element) -> dict[str, list[float]]:
    """The numbers of an element's title: ``bbox 1 2 3 4; baseline 0.001 -13; x_size 34``."""
    parts = (part.split() for part in element.get("title", "").split(";"))
    return {name: [float(number) for number in numbers] for name, *numbers in parts}


def _word(element: ElementTree.Element) -> ReadWord | None:
    """A word; None where there is none but the trace of a line."""
    text = "".join(normalise("".join(element.itertext())).split())
    about = _properties(element)
    return ReadWord(text, tuple(about["bbox"]), about["x_wconf"][0] / 100) if text.strip(_TRACES) else None
