//go:build wasmtime

#include "runner.h"

#include <stdlib.h>
#include <string.h>
#include <wasi.h>
#include <wasm.h>
#include <wasmtime.h>

struct runner {
  wasm_engine_t *engine;
  wasmtime_module_t *module;
  wasmtime_linker_t *linker;
  wasmtime_instance_pre_t *pre;
  bool fuel;
};

// What the host functions of one call work on.
typedef struct {
  const uint8_t *in;
  size_t in_len;
  uint8_t *out;
  size_t out_len, out_cap;
} task;

static failure text_of(wasm_byte_vec_t *message) {
  char *text = malloc(message->size + 1);
  memcpy(text, message->data, message->size);
  text[message->size] = 0;
  wasm_byte_vec_delete(message);
  return text;
}

static failure failed(wasmtime_error_t *error, wasm_trap_t *trap) {
  wasm_byte_vec_t message;
  if (error) {
    wasmtime_error_message(error, &message);
    wasmtime_error_delete(error);
    return text_of(&message);
  }
  if (trap) {
    wasm_trap_message(trap, &message);
    wasm_trap_delete(trap);
    return text_of(&message);
  }
  return NULL;
}

static task *task_of(wasmtime_caller_t *caller) {
  return wasmtime_context_get_data(wasmtime_caller_context(caller));
}

static uint8_t *memory_of(wasmtime_caller_t *caller, uint32_t ptr, uint32_t len) {
  wasmtime_extern_t item;
  if (!wasmtime_caller_export_get(caller, "memory", 6, &item)) return NULL;
  wasmtime_context_t *context = wasmtime_caller_context(caller);
  if ((uint64_t)ptr + len > wasmtime_memory_data_size(context, &item.of.memory)) return NULL;
  return wasmtime_memory_data(context, &item.of.memory) + ptr;
}

static wasm_trap_t *input_len(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *v, size_t n) {
  v[0].i32 = task_of(caller)->in_len;
  return NULL;
}

static wasm_trap_t *input_read(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *v, size_t n) {
  task *t = task_of(caller);
  uint32_t len = v[1].i32, offset = v[2].i32;
  uint8_t *at = memory_of(caller, v[0].i32, len);
  if (!at || offset > t->in_len) return wasmtime_trap_new("input_read", 10);
  if (len > t->in_len - offset) len = t->in_len - offset;
  memcpy(at, t->in + offset, len);
  v[0].i32 = len;
  return NULL;
}

static wasm_trap_t *output_write(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *v, size_t n) {
  task *t = task_of(caller);
  uint32_t len = v[1].i32;
  uint8_t *at = memory_of(caller, v[0].i32, len);
  if (!at || len > t->out_cap - t->out_len) return wasmtime_trap_new("output_write", 12);
  memcpy(t->out + t->out_len, at, len);
  t->out_len += len;
  v[0].i32 = 0;
  return NULL;
}

static wasmtime_error_t *define(runner *r, const char *name, size_t params, wasmtime_func_unchecked_callback_t f) {
  wasm_valtype_t *p[3], *result[1] = {wasm_valtype_new(WASM_I32)};
  for (size_t i = 0; i < params; i++) p[i] = wasm_valtype_new(WASM_I32);
  wasm_valtype_vec_t ps, rs;
  wasm_valtype_vec_new(&ps, params, p);
  wasm_valtype_vec_new(&rs, 1, result);
  wasm_functype_t *type = wasm_functype_new(&ps, &rs);
  wasmtime_error_t *error =
      wasmtime_linker_define_func_unchecked(r->linker, "wasl", 4, name, strlen(name), type, f, NULL, NULL);
  wasm_functype_delete(type);
  return error;
}

static wasm_engine_t *engine_new(size_t keep_resident, bool fuel) {
  wasm_config_t *config = wasm_config_new();
  wasmtime_config_consume_fuel_set(config, fuel);
  wasmtime_pooling_allocation_config_t *pool = wasmtime_pooling_allocation_config_new();
  wasmtime_pooling_allocation_config_total_core_instances_set(pool, 16);
  wasmtime_pooling_allocation_config_total_memories_set(pool, 16);
  wasmtime_pooling_allocation_config_total_tables_set(pool, 16);
  wasmtime_pooling_allocation_config_max_unused_warm_slots_set(pool, 16);
  wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, keep_resident);
  wasmtime_pooling_allocation_config_table_keep_resident_set(pool, 1 << 16);
  wasmtime_pooling_allocation_strategy_set(config, pool);
  wasmtime_pooling_allocation_config_delete(pool);
  return wasm_engine_new_with_config(config);
}

failure runner_new(const uint8_t *binary, size_t size, size_t keep_resident, bool fuel, runner **out) {
  runner *r = calloc(1, sizeof *r);
  *out = r;
  r->fuel = fuel;
  r->engine = engine_new(keep_resident, fuel);
  wasmtime_error_t *error = wasmtime_module_new(r->engine, binary, size, &r->module);
  if (error) return failed(error, NULL);
  r->linker = wasmtime_linker_new(r->engine);
  error = wasmtime_linker_define_wasi(r->linker);
  if (!error) error = define(r, "input_len", 0, input_len);
  if (!error) error = define(r, "input_read", 3, input_read);
  if (!error) error = define(r, "output_write", 2, output_write);
  if (!error) error = wasmtime_linker_define_unknown_imports_as_traps(r->linker, r->module);
  if (!error) error = wasmtime_linker_instantiate_pre(r->linker, r->module, &r->pre);
  return failed(error, NULL);
}

// call calls an export that has no parameters. An export that is missing is
// left out when it is optional.
static failure call(wasmtime_context_t *context, wasmtime_instance_t *instance, const char *name, size_t results,
                    bool optional) {
  wasmtime_extern_t item;
  if (!wasmtime_instance_export_get(context, instance, name, strlen(name), &item))
    return optional ? NULL : strdup("the module lacks its entry point");
  wasmtime_val_raw_t value = {0};
  wasm_trap_t *trap = NULL;
  wasmtime_error_t *error = wasmtime_func_call_unchecked(context, &item.of.func, &value, 1, &trap);
  if (error || trap) return failed(error, trap);
  return results && value.i32 ? strdup("the handler failed") : NULL;
}

failure runner_run(runner *r, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len) {
  task t = {in, in_len, out, 0, *out_len};
  wasmtime_store_t *store = wasmtime_store_new(r->engine, &t, NULL);
  wasmtime_context_t *context = wasmtime_store_context(store);
  wasmtime_error_t *error = wasmtime_context_set_wasi(context, wasi_config_new());
  if (!error && r->fuel) error = wasmtime_context_set_fuel(context, 1ull << 40);
  wasm_trap_t *trap = NULL;
  wasmtime_instance_t instance;
  if (!error) error = wasmtime_instance_pre_instantiate(r->pre, context, &instance, &trap);
  failure f = failed(error, trap);
  if (!f) f = call(context, &instance, "_initialize", 0, true);
  if (!f) f = call(context, &instance, "wasl_handle", 1, false);
  wasmtime_store_delete(store);
  *out_len = t.out_len;
  return f;
}

void runner_delete(runner *r) {
  if (r->pre) wasmtime_instance_pre_delete(r->pre);
  if (r->linker) wasmtime_linker_delete(r->linker);
  if (r->module) wasmtime_module_delete(r->module);
  wasm_engine_delete(r->engine);
  free(r);
}
