#ifndef WORDD_H
#define WORDD_H

#include <stddef.h>

int words_load(const char *path);
size_t words_like(const char *word, char *answer, size_t room);
int serve(int port);

#endif
