FROM maven:3.8-eclipse-temurin-17 AS builder
WORKDIR /usr/src/app
COPY pom.xml ./
COPY src src
RUN --mount=type=cache,target=/root/.m2/repository \
    mvn --batch-mode --no-transfer-progress package

FROM eclipse-temurin:17-jre
WORKDIR /usr/src/app
COPY templates templates
COPY --from=builder /usr/src/app/target/letters-1.0.jar target/
EXPOSE 8080
CMD ["java", "-jar", "target/letters-1.0.jar"]
