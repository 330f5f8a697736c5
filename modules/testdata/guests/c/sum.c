// A guest in C without a library: takes a JSON array of integers and gives
// {"sum":…,"count":…}. Built by clang 14:
//
//   clang --target=wasm32 -O2 -nostdlib -Wl,--no-entry -Wl,--strip-all -o sum.wasm sum.c

#define IMPORT(name) __attribute__((import_module("wasl"), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

IMPORT("input_len") int input_len(void);
IMPORT("input_read") int input_read(void *to, unsigned length, unsigned offset);
IMPORT("output_write") int output_write(const void *from, unsigned length);

static char in[1 << 16], out[128];
static unsigned used;

static void text(const char *s) {
  while (*s) out[used++] = *s++;
}

static void number(long long v) {
  char digits[24];
  int n = 0;
  unsigned long long u = v < 0 ? 0 - (unsigned long long)v : (unsigned long long)v;
  if (v < 0) out[used++] = '-';
  do digits[n++] = '0' + u % 10;
  while (u /= 10);
  while (n) out[used++] = digits[--n];
}

EXPORT("wasl_handle") int handle(void) {
  used = 0;
  int length = input_read(in, sizeof in, 0);
  long long sum = 0, count = 0;
  for (int i = 0; i < length;) {
    int negative = in[i] == '-';
    if (negative) i++;
    if (in[i] < '0' || in[i] > '9') {
      i++;
      continue;
    }
    long long v = 0;
    while (i < length && in[i] >= '0' && in[i] <= '9') v = v * 10 + (in[i++] - '0');
    sum += negative ? -v : v;
    count++;
  }
  text("{\"sum\":");
  number(sum);
  text(",\"count\":");
  number(count);
  text("}");
  output_write(out, used);
  return 0;
}
