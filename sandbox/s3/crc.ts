const CASTAGNOLI = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ CASTAGNOLI : value >>> 1;
  return value;
});

/**
 * CRC-32C (Castagnoli, RFC 3720) of `chunk`, continuing `before`: the only CRC here that zlib does not have.
 */
export function crc32c(chunk: Buffer, before = 0): number {
  let value = ~before;
  for (const byte of chunk) value = (table[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return ~value >>> 0;
}
