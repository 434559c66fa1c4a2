"""The values that cross every wall. They know pydantic and numpy, and nothing else."""
