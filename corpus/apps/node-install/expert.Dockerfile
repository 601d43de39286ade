FROM node:18-slim
WORKDIR /opt/app
RUN chown node:node /opt/app
USER node
COPY --chown=node:node package.json .
RUN npm install --omit=dev && npm cache clean --force
COPY --chown=node:node . .
EXPOSE 8080
CMD [ "node", "index.js" ]
