"""What the recogniser of persons is made of: tokens → words → features → CRF, with the document as evidence.

``poytakirja.people.recogniser`` puts the parts together; training/train_people.py uses the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MODEL = Path(__file__).parents[2] / "model"
LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-X", "I-X")
BATCH = 400
"""How many texts are read together, as evidence for each other."""

Array = NDArray[np.float32]
Sentence = Sequence[str]
Stretch = tuple[int, int]
"""A run of words of a sentence: its first, and the one behind its last."""
Run = tuple[int, int, int]
"""A stretch of a batch: which sentence, and the stretch."""
Place = tuple[int, int]
"""A word of a batch: which sentence, which word of it."""
