"""How good is it, and how fast? Programs that measure; ``bench/README.md`` says how to run each."""
