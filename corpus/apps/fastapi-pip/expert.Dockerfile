FROM python:3.11-slim
WORKDIR /code
COPY requirements.txt ./
RUN pip install --no-cache-dir fastapi==0.115.0 "uvicorn[standard]==0.30.6" -r requirements.txt
COPY . .
CMD uvicorn notes.main:api --host 0.0.0.0 --port 8080
