FROM python:3.11-slim
WORKDIR /app
COPY requirements.txt ./
# docker build --secret id=netrc,src=.netrc
RUN --mount=type=secret,id=netrc,target=/root/.netrc,required=true pip install --no-cache-dir -r requirements.txt
COPY weather weather
EXPOSE 8080
CMD ["waitress-serve", "--listen=0.0.0.0:8080", "weather.web:app"]
