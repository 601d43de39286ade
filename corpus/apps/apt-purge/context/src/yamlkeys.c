/* List the keys of a YAML file, each with the keys it lies in. */
#include <stdio.h>
#include <string.h>
#include <yaml.h>

static void walk(yaml_document_t *document, yaml_node_t *node, const char *above)
{
	char path[1024];

	if (node->type == YAML_SEQUENCE_NODE) {
		yaml_node_item_t *item = node->data.sequence.items.start;

		for (; item < node->data.sequence.items.top; item++)
			walk(document, yaml_document_get_node(document, *item), above);
	}
	if (node->type != YAML_MAPPING_NODE)
		return;
	yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	for (; pair < node->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = yaml_document_get_node(document, pair->key);

		if (key->type != YAML_SCALAR_NODE)
			continue;
		snprintf(path, sizeof path, "%s%s%s", above, *above ? "." : "", (char *)key->data.scalar.value);
		puts(path);
		walk(document, yaml_document_get_node(document, pair->value), path);
	}
}

int main(int count, char **arguments)
{
	yaml_parser_t parser;
	yaml_document_t document;
	FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;

	if (!file) {
		fprintf(stderr, "usage: yamlkeys FILE\n");
		return 2;
	}
	yaml_parser_initialize(&parser);
	yaml_parser_set_input_file(&parser, file);
	if (!yaml_parser_load(&parser, &document)) {
		fprintf(stderr, "%s:%zu: %s\n", arguments[1], parser.problem_mark.line + 1, parser.problem);
		return 1;
	}
	if (yaml_document_get_root_node(&document))
		walk(&document, yaml_document_get_root_node(&document), "");
	yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	fclose(file);
	return 0;
}
