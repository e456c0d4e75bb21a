#!/usr/bin/env python3
"""Losses over a queue as a user would write them in PyTorch: time and peak memory of one forward and backward pass.

  losses_torch.py [info-nce|margin-ranking|dcl ...]

256 rows, 65,536 queue rows, width 128, float32, as in LossBenchmark.java. Prints one line per loss: its name, the median
milliseconds of a pass, and the most MiB that the process had beyond what the input takes. Needs torch and Linux.
"""
import statistics
import sys
import time

import torch
import torch.nn.functional as F

ROWS, QUEUE, WIDTH, TAU, MARGIN = 256, 65_536, 128, 0.07, 0.2


def info_nce(q, k, queue):
    logits = torch.cat([(q * k).sum(1, keepdim=True), q @ queue.T], 1) / TAU
    return -F.log_softmax(logits, 1)[:, 0].mean()


def margin_ranking(q, k, queue):
    return F.relu(MARGIN - (q * k).sum(1, keepdim=True) + q @ queue.T).sum(1).mean()


def dcl(q, k, queue):
    return ((q @ queue.T / TAU).logsumexp(1) - (q * k).sum(1) / TAU).mean()


LOSSES = {"info-nce": info_nce, "margin-ranking": margin_ranking, "dcl": dcl}


def resident(field):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field)) / 1024


def once(loss, given):
    q, k, queue = given
    q.grad = None
    start = time.perf_counter()
    loss(q, k, queue).backward()
    return 1000 * (time.perf_counter() - start)


def inputs(rows, queue):
    torch.manual_seed(1)
    q, k, rest = (F.normalize(torch.randn(n, WIDTH), dim=1) for n in (rows, rows, queue))
    return q.requires_grad_(), k, rest


for name in sys.argv[1:] or LOSSES:
    once(LOSSES[name], inputs(8, 64))
    given = inputs(ROWS, QUEUE)
    with open("/proc/self/clear_refs", "w") as clear:
        clear.write("5")
    before = resident("VmRSS")
    end = time.perf_counter() + 4
    while time.perf_counter() < end:
        once(LOSSES[name], given)
    peak = resident("VmHWM") - before
    times = []
    end = time.perf_counter() + 10
    while time.perf_counter() < end:
        times.append(once(LOSSES[name], given))
    print(f"{name} {statistics.median(times):.1f} {peak:.0f}", flush=True)
