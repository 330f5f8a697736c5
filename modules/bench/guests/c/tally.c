// Tally reads a JSON text and tells how many numbers are in it, their sum, and
// how many strings. {"numbers":N,"sum":S,"strings":M}
#include <stdio.h>
#include <stdlib.h>

#include "wasl.h"

static const char *skip_string(const char *p) {
  for (p++; *p && *p != '"'; p++) {
    if (*p == '\\' && p[1]) p++;
  }
  return *p ? p + 1 : p;
}

__attribute__((export_name("wasl_handle"))) int32_t wasl_handle(void) {
  int32_t n = wasl_input_len();
  char *text = malloc(n + 1);
  if (!text) return 1;
  n = wasl_input_read(text, n, 0);
  text[n] = 0;

  double sum = 0;
  int numbers = 0, strings = 0;
  for (const char *p = text; *p;) {
    if (*p == '"') {
      p = skip_string(p);
      strings++;
    } else if (*p == '-' || (*p >= '0' && *p <= '9')) {
      char *end;
      sum += strtod(p, &end);
      numbers++;
      p = end > p ? end : p + 1;
    } else {
      p++;
    }
  }

  char out[96];
  int len = snprintf(out, sizeof out, "{\"numbers\":%d,\"sum\":%.2f,\"strings\":%d}", numbers, sum, strings);
  wasl_output_write(out, len);
  free(text);
  return 0;
}
