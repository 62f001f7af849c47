"""The web server's entry point."""

import os
import warnings

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
# Embedded mode serves static files from where they lie; only production collects them.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
application = get_wsgi_application()
