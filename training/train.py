"""Train the reading model, with checkpoints that survive a stop.

    python -m training.train DATA --base MINILM_FOLDER --out FOLDER first
    python -m training.mine DATA --out FOLDER/mined.jsonl
    python -m training.train DATA --base MINILM_FOLDER --out FOLDER last
    python -m training.train DATA --base MINILM_FOLDER --out FOLDER stories

``first`` trains on the public sets, ``last`` goes on from there with the project's own questions and what the search
finds for them, and ``stories`` from there with fictional storylines. A phase begins with the weights of the one before,
or with those of ``--start`` (``training.restore`` takes them from a finished model). With ``--newest HAND``, "stories"
takes all questions of this and later hands, and a quarter of the earlier ones. A run that was stopped goes on at its
last checkpoint. Losses are printed every hundred steps, and appended to FOLDER/log.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from .data import first_mixture, last_mixture, stories_mixture
from .examples import Batch, Encoder, batch, batches
from .network import Reader, from_base

TOKENS = 4096  # of a batch, padding included
RATES = {"first": 1.5e-4, "last": 5e-5, "stories": 6e-5}
FLOORS = {"first": 3e-5, "last": 0.0, "stories": 0.0}
SEEDS = {"first": 1, "last": 2, "stories": 4}
BEFORE = {"last": "first", "stories": "last"}
SPAN_WEIGHT = 0.5
SECONDS = 120  # between checkpoints
FAR = -1e9


def question_loss(scores: Tensor, none: Tensor, rows: Batch) -> Tensor:
    """Minus the log-probability of the gold sentences or of "no answer", and of the span where it is known.

    Each gold sentence is held against all that do not answer, and not against the others that do: an older value, or
    another part of a list, is an answer too and must not be pushed down.
    """
    selected = scores[..., 0].masked_fill(rows.inside == 0, FAR)
    wrong = torch.logsumexp(torch.cat([none, selected.masked_fill(rows.gold > 0, FAR)], 1), 1)
    unanswered = ~rows.gold.any(1)
    total, count = torch.where(unanswered, wrong - none[:, 0], 0.0), unanswered.float()
    for number in range(1, int(rows.gold.max()) + 1):
        right = torch.logsumexp(selected.masked_fill(rows.gold != number, FAR), 1)
        there = (rows.gold == number).any(1)
        total = total + torch.where(there, torch.logaddexp(wrong, right) - right, 0.0)
        count = count + there
    loss = (total / count).mean()
    known = rows.span[:, 0] >= 0
    if known.any():
        outside = rows.gold[known] != 1  # the span is in the first of them
        for column, which in ((1, 0), (2, 1)):
            loss = loss + SPAN_WEIGHT * known.float().mean() * functional.cross_entropy(
                scores[known][..., column].masked_fill(outside, FAR), rows.span[known][:, which]
            )
    return loss


def claim_loss(scores: Tensor, label: Tensor) -> Tensor:
    """Cross entropy; for "not" that of anything but "states"."""
    chances = functional.log_softmax(scores, 1)
    exact = functional.nll_loss(chances, label.clamp(max=2), reduction="none")
    other = -torch.logsumexp(chances[:, 1:], 1)
    return torch.where(label == 3, other, exact).mean()


def loss_of(model: Reader, rows: Batch) -> Tensor:
    """The loss of a batch, which is all questions or all claims."""
    # Twice as fast where the processor has AVX512-BF16, and twenty times slower where it has not.
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported()):
        scores, none, claim = (scores.float() for scores in model(rows.ids, rows.segments, rows.seen))
    return claim_loss(claim, rows.label) if rows.label[0] >= 0 else question_loss(scores, none, rows)


def main() -> None:
    """Train one phase."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("phase", choices=list(RATES))
    parser.add_argument(
        "--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2; --start needs its tokenizer alone"
    )
    parser.add_argument("--start", type=Path, help="weights to begin with; default: those of the phase before")
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoints")
    parser.add_argument("--questions", type=Path, default=Path("training/questions.jsonl"))
    parser.add_argument("--newest", type=int, default=0, help="the first hand whose storylines were not trained on yet")
    parser.add_argument("--minutes", type=float, help="end earlier: the rate falls with the share of this time")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEEDS[asked.phase])
    chance = random.Random(SEEDS[asked.phase])
    mined = asked.out / "mined.jsonl"
    if asked.phase == "first":
        mixture = first_mixture(asked.data, SEEDS["first"])
    elif asked.phase == "last":
        mixture = last_mixture(asked.data, asked.questions, mined, SEEDS["last"])
    else:
        mixture = stories_mixture(asked.data, asked.questions, mined, SEEDS["stories"], asked.newest)
    work = list(batches(Encoder(asked.base).encode(mixture), TOKENS, chance))
    chance.shuffle(work)
    model = Reader() if asked.phase in BEFORE else from_base(asked.base)
    model.word.weight.requires_grad_(False)
    decayed = [p for p in model.parameters() if p.requires_grad and p.ndim > 1]
    plain = [p for p in model.parameters() if p.requires_grad and p.ndim == 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=0.0, foreach=True
    )
    kept, finished = asked.out / f"{asked.phase}.checkpoint", asked.out / f"{asked.phase}.pt"
    step, spent = 0, 0.0
    if kept.exists():
        state = torch.load(kept)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, spent = state["step"], state["spent"]
    elif asked.phase in BEFORE:
        model.load_state_dict(torch.load(asked.start or asked.out / f"{BEFORE[asked.phase]}.pt"))
    print(f"{len(mixture)} examples in {len(work)} batches, from step {step}", flush=True)
    model.train()
    began, saved = time.monotonic() - spent, time.monotonic()
    losses: dict[str, list[float]] = {"question": [], "claim": []}
    while step < len(work):
        done = step / len(work)
        if asked.minutes:
            done = max(done, (time.monotonic() - began) / (60 * asked.minutes))
        if done >= 1:
            break
        rate, floor = RATES[asked.phase], FLOORS[asked.phase]
        for group in optimizer.param_groups:
            group["lr"] = min(1.0, (step + 1) / 150) * (floor + (rate - floor) * (1 - done))
        rows = batch(work[step])
        loss = loss_of(model, rows)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        losses["claim" if rows.label[0] >= 0 else "question"].append(float(loss.detach()))
        if step % 100 == 0:
            line = {kind: round(sum(last) / len(last), 3) for kind, last in losses.items() if last}
            line |= {"phase": asked.phase, "step": step, "minutes": round((time.monotonic() - began) / 60, 1)}
            print(line, flush=True)
            with (asked.out / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            losses = {kind: [] for kind in losses}
        if time.monotonic() - saved > SECONDS:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
            partial = kept.with_suffix(".partial")
            torch.save(state | {"spent": time.monotonic() - began}, partial)
            partial.replace(kept)
            saved = time.monotonic()
    torch.save(model.state_dict(), finished)
    print(f"{finished}: {step} steps in {(time.monotonic() - began) / 60:.0f} minutes", flush=True)


if __name__ == "__main__":
    main()
