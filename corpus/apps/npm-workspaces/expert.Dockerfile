FROM node:20-slim
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/units/package.json packages/units/
COPY packages/api/package.json packages/api/
COPY packages/cli/package.json packages/cli/
RUN npm ci --omit=dev --workspace @kitchen/api --workspace @kitchen/units && npm cache clean --force
COPY packages/units packages/units
COPY packages/api packages/api
EXPOSE 3000
CMD ["npm", "start"]
