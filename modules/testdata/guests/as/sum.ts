// A guest in AssemblyScript: takes a JSON array of integers and gives
// {"sum":…,"count":…}. Built by the npm package assemblyscript 0.28.20:
//
//   asc sum.ts -O3 --runtime incremental --use abort= -o sum.wasm

@external("wasl", "input_len") declare function inputLen(): i32;
@external("wasl", "input_read") declare function inputRead(to: usize, length: i32, offset: i32): i32;
@external("wasl", "output_write") declare function outputWrite(from: usize, length: i32): i32;

export function wasl_handle(): i32 {
  const raw = new ArrayBuffer(inputLen());
  inputRead(changetype<usize>(raw), raw.byteLength, 0);
  const text = String.UTF8.decode(raw);
  const parts = text.substring(text.indexOf("[") + 1, text.lastIndexOf("]")).split(",");
  let sum: i64 = 0;
  for (let i = 0; i < parts.length; i++) sum += I64.parseInt(parts[i].trim());
  const out = String.UTF8.encode('{"sum":' + sum.toString() + ',"count":' + parts.length.toString() + "}");
  outputWrite(changetype<usize>(out), out.byteLength);
  return 0;
}
