"""A fictional mid-market machine builder with customers, orders, ratings, decisions and goals: enough to see every page alive.

Deterministic: the same day builds the same company. Every row can be told apart and removed (``removal.py``).
"""
