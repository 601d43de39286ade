FROM node:20-slim AS builder
WORKDIR /usr/src/site
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY scripts scripts
COPY assets assets
COPY pages pages
RUN npm run build

FROM nginx:1.22
COPY nginx.conf /etc/nginx/nginx.conf
COPY --from=builder /usr/src/site/dist /var/www/site
EXPOSE 80
CMD ["nginx", "-g", "daemon off;"]
