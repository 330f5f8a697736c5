// An Extism plug-in that gives its input back. Written against the imports of
// extism:host/env, with no plug-in development kit.
#include <stdint.h>

#define EXTISM(name) __attribute__((import_module("extism:host/env"), import_name(#name)))

EXTISM(input_length) uint64_t extism_input_length(void);
EXTISM(input_load_u8) uint8_t extism_input_load_u8(uint64_t offset);
EXTISM(input_load_u64) uint64_t extism_input_load_u64(uint64_t offset);
EXTISM(alloc) uint64_t extism_alloc(uint64_t size);
EXTISM(store_u8) void extism_store_u8(uint64_t address, uint8_t value);
EXTISM(store_u64) void extism_store_u64(uint64_t address, uint64_t value);
EXTISM(output_set) void extism_output_set(uint64_t address, uint64_t size);

__attribute__((export_name("echo"))) int32_t echo(void) {
  uint64_t n = extism_input_length(), i = 0;
  uint64_t out = extism_alloc(n);
  for (; i + 8 <= n; i += 8) extism_store_u64(out + i, extism_input_load_u64(i));
  for (; i < n; i++) extism_store_u8(out + i, extism_input_load_u8(i));
  extism_output_set(out, n);
  return 0;
}
