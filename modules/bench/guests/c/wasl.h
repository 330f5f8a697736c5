// The functions of module wasl that the C guests use; docs/TASKS.md has all.
#pragma once
#include <stdint.h>

#define WASL(name) __attribute__((import_module("wasl"), import_name(#name)))

WASL(input_len) int32_t wasl_input_len(void);
WASL(input_read) int32_t wasl_input_read(void *ptr, uint32_t len, uint32_t offset);
WASL(output_write) int32_t wasl_output_write(const void *ptr, uint32_t len);
