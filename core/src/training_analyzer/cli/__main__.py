"""`python -m training_analyzer.cli`: how `up` starts its children, whatever is on the path."""

from training_analyzer.cli import main

main()
