"""A fictional mid-market machine builder: customers, orders, ratings, decisions and goals for every page.

Deterministic: the same day builds the same company. Every row can be told apart and removed (``removal.py``).
"""
