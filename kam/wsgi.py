"""The web server's entry point."""

import gc
import os
import warnings

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
# Embedded mode serves static files from where they lie; only production collects them.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
application = get_wsgi_application()
# What is loaded now stays: without this each full collection walks all of it in the middle of a request.
gc.collect()
gc.freeze()
