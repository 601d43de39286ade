FROM eclipse-temurin:17-jdk AS builder
WORKDIR /usr/src/shelf
COPY src src
RUN javac -g:none -d classes $(find src -name "*.java")
COPY resources resources
RUN jar --create --file shelf.jar --main-class example.shelf.Main -C classes . -C resources .

FROM eclipse-temurin:17-jre
WORKDIR /usr/src/shelf
COPY --from=builder /usr/src/shelf/shelf.jar ./
EXPOSE 8080
ENTRYPOINT ["java", "-Xmx128m", "-jar", "shelf.jar"]
