"""hand_written.c with -ffast-math too: an extra row, since such code cannot tell a number that is not finite.

Input: a `Problem`. Output: its parameters after training, and the history by name.
"""

from __future__ import annotations

from tests.benchmarks.baselines import hand_written

hand_written.FLAGS.append("-ffast-math")
two_node, step_by_step, hidden_layer = hand_written.two_node, hand_written.step_by_step, hand_written.hidden_layer
