"""The site as a WSGI application, for granian or any other server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haitang.config.settings")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - needs the settings

from haitang.config.connections import trust_recent_connections  # noqa: E402 - needs the settings
from haitang.core import wall  # noqa: E402 - needs the settings

trust_recent_connections()
wall.stand_before()

# What stands from here on to the end is not looked through again whenever memory is tidied (seen: pauses of 0.3 s).
get_resolver().url_patterns  # noqa: B018 - reading it loads all pages
gc.collect()
gc.freeze()
