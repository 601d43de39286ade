FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --create-home web && install -d -o web -g web /site
WORKDIR /site
COPY requirements /site/requirements
RUN pip install --no-cache-dir -r requirements/production.txt
COPY --chown=web:web . /site
USER web
EXPOSE 8000
ENTRYPOINT ["./docker-entrypoint.sh"]
CMD ["gunicorn", "config.wsgi", "-b", ":8000"]
