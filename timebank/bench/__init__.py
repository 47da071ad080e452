"""The benchmark: how fast the service is beside the limit of the machine it runs on.

Only ratios inside one run travel to another machine, so every figure stands beside its yardstick: the least honest
work for the same visible result, in the same file and from the same run.

- `targets` says what is asked for, `measuring` compares a subject with its yardstick, `reporting` writes it down.
- `places` makes databases, `town` the communities in them, and `by_hand` what a program without guarantees would write.
- `tills`, `looking`, `visits`, `calls`, `judging` and `starting` measure, `running` says what is measured where;
  `promises` are asked afterwards: a figure counts only if the books hold what they promise.
"""
