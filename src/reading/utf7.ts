/** Letters beyond ASCII stand between these, as UTF-16 in base64 (RFC 2152). */
const SHIFTED = /\+([A-Za-z0-9+/]*)-?/g;

/** Text that old programs wrote for mail that takes 7 bits only. */
export function fromUtf7(text: string): string {
  return text.replace(SHIFTED, (_, packed: string) => {
    if (packed === '') return '+';
    const bytes = Buffer.from(packed, 'base64');
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le');
  });
}
