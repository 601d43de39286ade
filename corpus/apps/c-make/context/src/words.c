/* The word list, and which of its words have the same letters. */
#include "wordd.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
	char *text;
	unsigned char letters[26];
};

static struct word *words;
static size_t count;

static void letters_of(const char *text, unsigned char letters[26])
{
	memset(letters, 0, 26);
	for (; *text; text++)
		if (isalpha((unsigned char)*text))
			letters[tolower((unsigned char)*text) - 'a']++;
}

int words_load(const char *path)
{
	char line[128];
	FILE *file = fopen(path, "r");

	if (!file)
		return -1;
	while (fgets(line, sizeof line, file)) {
		struct word *more = realloc(words, (count + 1) * sizeof *words);

		line[strcspn(line, "\r\n")] = '\0';
		if (!more || !(more[count].text = strdup(line))) {
			fclose(file);
			return -1;
		}
		words = more;
		letters_of(line, words[count++].letters);
	}
	fclose(file);
	return 0;
}

size_t words_like(const char *word, char *answer, size_t room)
{
	unsigned char letters[26];
	size_t found = 0, used = 0;

	letters_of(word, letters);
	answer[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (memcmp(letters, words[i].letters, sizeof letters) || !strcmp(word, words[i].text))
			continue;
		if (used + strlen(words[i].text) + 3 > room)
			break;
		used += (size_t)sprintf(answer + used, "%s%s", found++ ? ", " : "", words[i].text);
	}
	return found;
}
