// Tally reads a JSON text and tells how many numbers are in it, their sum, and
// how many strings. {"numbers":N,"sum":S,"strings":M}

@external("wasl", "input_len")
declare function inputLen(): i32;
@external("wasl", "input_read")
declare function inputRead(ptr: usize, len: i32, offset: i32): i32;
@external("wasl", "output_write")
declare function outputWrite(ptr: usize, len: i32): i32;

function isNumber(c: i32): bool {
  return (c >= 48 && c <= 57) || c == 43 || c == 45 || c == 46 || c == 69 || c == 101;
}

export function wasl_handle(): i32 {
  const buffer = new ArrayBuffer(inputLen());
  inputRead(changetype<usize>(buffer), buffer.byteLength, 0);
  const text = String.UTF8.decode(buffer);

  let numbers = 0, strings = 0, sum = 0.0;
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i);
    if (c == 34) { // a string: on to the quote that ends it
      for (i++; i < text.length && text.charCodeAt(i) != 34; i++) {
        if (text.charCodeAt(i) == 92) i++;
      }
      i++;
      strings++;
    } else if (c == 45 || (c >= 48 && c <= 57)) {
      const begin = i;
      while (i < text.length && isNumber(text.charCodeAt(i))) i++;
      sum += parseFloat(text.substring(begin, i));
      numbers++;
    } else {
      i++;
    }
  }

  sum = Math.round(sum * 100) / 100;
  const out = String.UTF8.encode(
    '{"numbers":' + numbers.toString() + ',"sum":' + sum.toString() + ',"strings":' + strings.toString() + "}");
  outputWrite(changetype<usize>(out), out.byteLength);
  return 0;
}
