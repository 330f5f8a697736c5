#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct runner runner;

// The text of an error, to be freed; NULL when there is none.
typedef char *failure;

failure runner_new(const uint8_t *binary, size_t size, size_t keep_resident, bool fuel, runner **out);
failure runner_run(runner *r, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len);
void runner_delete(runner *r);
