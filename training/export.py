"""Write a trained network as the three files of a reading model: int8 ONNX, tokenizer and card.

    python -m training.export FOLDER/last.pt --base MINILM_FOLDER --out qa/reading/weights

The weights of the layers and the word embeddings become int8 (dynamic quantisation of onnxruntime, one scale a column).
The card of an earlier export stays; ``training.calibrate`` makes it fit.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from .network import Reader

CARD = {"name": "dateline-reading-3"}


class Exported(nn.Module):
    """The network without padding (one input a run) and without the head for claims."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, segments: Tensor) -> tuple[Tensor, Tensor]:
        """See Reader.forward."""
        tokens, none, _ = self.reader(ids, segments, None)
        return tokens, none


def export(weights: Path, base: Path, out: Path) -> None:
    """Write the three files."""
    reader = Reader(dropout=0.0)
    state = torch.load(weights)
    reader.load_state_dict(state.get("model", state))
    reader.eval()
    out.mkdir(parents=True, exist_ok=True)
    example = torch.ones((1, 32), dtype=torch.int64)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            Exported(reader),
            (example, torch.zeros_like(example)),
            str(full),
            input_names=["ids", "segments"],
            output_names=["tokens", "none"],
            dynamic_axes={"ids": {1: "length"}, "segments": {1: "length"}, "tokens": {1: "length"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, out / "reading.onnx", per_channel=True, weight_type=QuantType.QInt8)
    shutil.copyfile(base / "tokenizer.json", out / "tokenizer.json")
    card = out / "card.json"
    if not card.exists():
        card.write_text(json.dumps(CARD, indent=2) + "\n", "utf-8")


def main() -> None:
    """Export one file of weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="last.pt, first.pt or a checkpoint")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    export(asked.weights, asked.base, asked.out)


if __name__ == "__main__":
    main()
