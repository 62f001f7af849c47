"""Goals, metrics, plans and growth over the API."""
