#include "wordd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void leave(int signal)
{
	(void)signal;
	_exit(0);
}

int main(int count, char **arguments)
{
	const char *path = WORDS;
	int option, port = 8080;

	while ((option = getopt(count, arguments, "p:w:")) != -1) {
		if (option == 'p')
			port = atoi(optarg);
		else if (option == 'w')
			path = optarg;
		else
			return 2;
	}
	signal(SIGTERM, leave);
	signal(SIGPIPE, SIG_IGN);
	if (words_load(path)) {
		perror(path);
		return 1;
	}
	return serve(port);
}
