"""The site as a WSGI application, for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haitang.config.settings")
application = get_wsgi_application()

from haitang.config.connections import trust_recent_connections  # noqa: E402 - needs the settings

trust_recent_connections()
