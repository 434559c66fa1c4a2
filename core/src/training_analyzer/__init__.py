"""Training Analyzer: collects endurance training data, computes performance metrics and explains them."""
