export interface Piece {
  /** From 1. */
  number: number;
  bytes: Buffer;
  isLast: boolean;
}

/** Cuts a body into pieces of exactly `pieceBytes`; the last one may be shorter. An empty body is one empty piece. */
export async function* piecesOf(
  body: AsyncIterable<Buffer>,
  pieceBytes: number,
): AsyncGenerator<Piece, void> {
  let chunks: Buffer[] = [];
  let filled = 0;
  let number = 0;
  const take = (isLast: boolean): Piece => {
    const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, filled);
    chunks = [];
    filled = 0;
    number += 1;
    return { number, bytes, isLast };
  };
  for await (const chunk of body) {
    let rest = chunk;
    while (rest.length > 0) {
      // Only now it is known that the full piece is not the last one.
      if (filled === pieceBytes) yield take(false);
      const part = rest.subarray(0, pieceBytes - filled);
      chunks.push(part);
      filled += part.length;
      rest = rest.subarray(part.length);
    }
  }
  yield take(true);
}
