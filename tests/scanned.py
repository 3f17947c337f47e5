"""Minutes as a scanner would hand them over: pages drawn, laid aslant, worn, and bound into a PDF without any text."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFilter

from poytakirja.errors import UsageError
from poytakirja.read.ocr import tesseract as ocr


def engine() -> ocr.Engine:
    """The machine's tesseract; skips where there is none."""
    try:
        return ocr.find()
    except UsageError as missing:
        pytest.skip(f"NOT TESTED WITH TESSERACT: {str(missing).splitlines()[0]}")


def drawn(pdf: bytes, pages: Sequence[int], dpi: int = 200) -> list[Image.Image]:
    """Pages of a PDF in grey."""
    document = pypdfium2.PdfDocument(pdf)
    return [document[n].render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for n in pages or range(len(document))]


def worn(page: Image.Image, seed: int, degrees: float) -> Image.Image:
    """A page as it comes out of a scanner: askew, grey, a little blurred, with specks."""
    chance = random.Random(seed)
    page = page.rotate(chance.choice((-1, 1)) * degrees, Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(0.6)).point(lambda grey: 30 + grey * 210 // 255)
    grain = np.random.default_rng(seed).normal(0, 3, (page.height, page.width))
    page = Image.fromarray(np.clip(np.asarray(page) * 0.88 + 15 + grain, 0, 255).astype(np.uint8))
    for _ in range(page.width * page.height // 40_000):
        page.putpixel((chance.randrange(page.width), chance.randrange(page.height)), chance.randrange(120))
    return page


def bound(pages: Sequence[Image.Image], dpi: int = 200) -> bytes:
    """Images as the pages of a PDF."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=80)
    return out.getvalue()


def scan(
    pdf: bytes, pages: Sequence[int] = (), *, dpi: int = 200, degrees: float | None = None, share: float = 1.0
) -> bytes:  # fmt: skip
    """A PDF scanned, or some of its pages, or the upper share of each; worn where it lies askew by so many degrees."""
    images = [image.crop((0, 0, image.width, int(image.height * share))) for image in drawn(pdf, pages, dpi)]
    if degrees is not None:
        images = [worn(image, seed, degrees) for seed, image in enumerate(images)]
    return bound(images, dpi)
