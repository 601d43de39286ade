FROM node:18 AS builder
RUN apt-get update \
    && apt-get install -y --no-install-recommends libnode-dev \
    && rm -rf /var/lib/apt/lists/*
ENV npm_config_nodedir=/usr/include/nodejs
WORKDIR /srv/doorkeeper
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --build-from-source \
    && rm -rf node_modules/bcrypt/build

FROM node:18-slim
WORKDIR /srv/doorkeeper
COPY --from=builder /srv/doorkeeper/node_modules node_modules
COPY . .
ENV PORT=7000
EXPOSE 7000
CMD ["npm", "start"]
