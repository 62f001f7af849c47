"""Product against floor, measured side by side in one run: what PERFORMANCE.md promises as ratios."""
