FROM python:3.11-slim

WORKDIR /srv/loans
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY loans loans
RUN useradd --create-home --uid 10001 --shell /usr/sbin/nologin app

EXPOSE 8000
HEALTHCHECK --start-period=30s --timeout=5s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
USER 10001
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "loans.site:site"]
