#!/bin/sh
set -e
python manage.py migrate --noinput --verbosity 0
exec "$@"
