/* One request after the other: the word of the path in, the words with its letters out. */
#include "wordd.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void answer_one(int client)
{
	char request[2048], word[128] = "", found[1024], reply[1400];
	ssize_t size = read(client, request, sizeof request - 1);
	int length;

	if (size <= 0)
		return;
	request[size] = '\0';
	sscanf(request, "GET /%127[A-Za-z]", word);
	size_t hits = words_like(word, found, sizeof found - 2);
	strcat(found, "\n");
	length = snprintf(reply, sizeof reply,
			  "HTTP/1.0 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s",
			  hits ? "200 OK" : "404 Not Found", strlen(found), found);
	if (write(client, reply, (size_t)length) != length)
		perror("write");
}

int serve(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
	int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) {
		perror("listen");
		return 1;
	}
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client < 0)
			continue;
		answer_one(client);
		close(client);
	}
}
