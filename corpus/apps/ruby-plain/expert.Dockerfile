FROM ruby:3.1-slim
WORKDIR /app
COPY views views
COPY lib lib
COPY server.rb menu.json ./
EXPOSE 4567
CMD ["ruby", "server.rb"]
