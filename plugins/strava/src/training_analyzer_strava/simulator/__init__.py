"""
A faithful local Strava: a stand-in for somebody else's service, which knows nothing of Training
Analyzer.
"""
