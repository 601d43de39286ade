FROM python:3.11-slim
WORKDIR /job
COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --upgrade pip && pip3 install --no-cache-dir -r requirements.txt
COPY . /job
CMD python mean.py
