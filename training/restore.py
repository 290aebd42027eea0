"""Turn an exported reading model back into weights that training can go on from.

    python -m training.restore FOLDER/restored.pt [--model qa/reading/weights]

The int8 weights become floats again, so what was lost in rounding stays lost. The head for claims is not exported: it
starts from nothing.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import ModelProto, numpy_helper
from torch import Tensor

from qa.reading.model import NETWORK, SHIPPED

from .network import Reader

PREFIX = "reader."
LAYER = re.compile(r"^/reader/(.+)/(?:Gemm_)?MatMul$")


def restore(folder: Path) -> dict[str, Tensor]:
    """Return the state of a Reader with the weights of an exported model.

    Raises ValueError if the file has other weights than a Reader.
    """
    model: ModelProto = onnx.load(str(folder / NETWORK))
    values = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    state = dict(Reader().state_dict())
    found: dict[str, NDArray[np.float32]] = {}
    for name, value in values.items():
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) in state:  # biases and norms stay floats
            found[name.removeprefix(PREFIX)] = value
        elif name.startswith(PREFIX) and name.endswith("_quantized") and "Transposed" not in name:  # embeddings
            stem = name.removesuffix("_quantized")
            found[stem.removeprefix(PREFIX)] = _floats(values, stem)
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            layer = LAYER.match(node.name.removesuffix("_quant"))
            if layer:
                stem = node.input[1].removesuffix("_quantized")
                found[f"{layer.group(1).replace('/', '.')}.weight"] = _floats(values, stem).T
    missing = {name for name in state if name not in found and not name.startswith("claim.")}
    if missing:
        raise ValueError(f"{folder / NETWORK} has no weights for {', '.join(sorted(missing))}")
    return state | {name: torch.from_numpy(np.array(value, np.float32)) for name, value in found.items()}


def _floats(values: dict[str, NDArray[np.float32]], stem: str) -> NDArray[np.float32]:
    whole, zero, scale = (values[f"{stem}_{part}"] for part in ("quantized", "zero_point", "scale"))
    return (whole.astype(np.float32) - zero.astype(np.float32)) * scale


def main() -> None:
    """Write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    asked = parser.parse_args()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(restore(asked.model), asked.out)


if __name__ == "__main__":
    main()
