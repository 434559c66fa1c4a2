"""The second stage: turns documents into activities, measurements and days. Pure and repeatable."""
