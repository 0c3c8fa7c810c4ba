"""A task of one's own in NumPy: writes its trials, which a document names as its task.

    python3 examples/own_trials.py examples/own-trials.npz
    nullcline train examples/new-task.json --out runs/own

Two noisy inputs are on in the middle half of each trial; afterwards the output of the stronger one must be 1.
"""

import sys

import numpy as np

dt, tau, T, trials = 20, 100, 1000, 256
random = np.random.default_rng(1)

time = dt * np.arange(T // dt)
direction = random.integers(2, size=trials)
coherence = np.minimum(random.exponential(0.2, size=trials), 1)

# Everything is trial × step × channel.
stimulus = (time > T / 4) & (time < 3 * T / 4)
x = np.zeros((trials, len(time), 2))
x[:, stimulus] = 1
x[np.arange(trials), :, direction] += coherence[:, None] * stimulus
x += 0.1 * np.sqrt(2 * dt / tau) * random.standard_normal(x.shape)

y = np.zeros_like(x)
y[np.arange(trials), :, direction] = time > 3 * T / 4 + 20

# Where the mask is 0 the outputs may be anything.
mask = np.zeros_like(x)
mask[:, time >= 3 * T / 4] = 1

# Two decimals of the inputs are enough, and make a small file.
np.savez_compressed(sys.argv[1], x=x.round(2).astype("float32"), y=y.astype("float32"), mask=mask.astype("float32"))
