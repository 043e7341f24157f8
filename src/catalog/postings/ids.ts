/**
 * The ids of the documents of a segment, by their slots: what each is more or less than the one before, twice as much (and one more where
 * it is less), seven bits a byte, the lowest first; the highest bit says that more come. They are mostly close to one another.
 */
export function packedIds(ids: readonly number[]): Buffer {
  const bytes: number[] = [];
  let before = 0;
  for (const id of ids) {
    let rest = id < before ? (before - id) * 2 - 1 : (id - before) * 2;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
    before = id;
  }
  return Buffer.from(bytes);
}

export function idsIn(bytes: Uint8Array, documents: number): Float64Array {
  const ids = new Float64Array(documents);
  let at = 0;
  let before = 0;
  for (let slot = 0; slot < documents; slot++) {
    let value = 0;
    let scale = 1;
    let byte: number;
    do {
      byte = bytes[at++] as number;
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127);
    before += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    ids[slot] = before;
  }
  return ids;
}
