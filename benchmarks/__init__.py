"""What things cost, as ratios within one run: absolute times belong to the machine that made them."""
