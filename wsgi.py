"""What a WSGI server loads: `gunicorn wsgi:app`. `timebank serve` does so with the right workers."""

import os

from timebank import config
from timebank.app import create_app

app = create_app(config.read(os.environ))
