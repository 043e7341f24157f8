import { Readable } from 'node:stream';

export interface Beginning {
  bytes: Buffer;
  /** True when the body has no more bytes than these. */
  isWhole: boolean;
  /** A new body with these bytes, if the given one has ended. Null: the given one can still be read, from the start. */
  body: Readable | null;
}

/**
 * Looks at the first bytes of a body and puts them back. `wanted` sees the bytes so far and says how many bytes it
 * needs. A shorter body gives fewer. No more than that is held. Rejects when the body breaks before.
 */
export async function bodyBeginning(body: Readable, wanted: (first: Buffer) => number): Promise<Beginning> {
  const chunks: Buffer[] = [];
  let length = 0;
  let enough = 1;
  for (;;) {
    const chunk: Buffer | null = body.read();
    if (chunk !== null) {
      chunks.push(chunk);
      length += chunk.length;
      // For an ordinary file the first chunk is enough. It is not copied.
      const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      enough = Math.max(1, wanted(bytes));
      if (length < enough) continue;
      body.unshift(bytes);
      return { bytes: bytes.subarray(0, enough), isWhole: false, body: null };
    }
    if (body.readableEnded) {
      const bytes = Buffer.concat(chunks);
      return { bytes, isWhole: true, body: Readable.from(chunks, { objectMode: false }) };
    }
    if (body.destroyed) {
      throw (
        body.errored ??
        Object.assign(new Error('The body broke off.'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
      );
    }
    await change(body);
  }
}

/** Waits until there may be something to read, or until the body has ended. */
function change(body: Readable): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      body.off('readable', settle).off('end', settle).off('error', settle).off('close', settle);
      if (error) reject(error);
      else resolve();
    };
    body.on('readable', settle).on('end', settle).on('error', settle).on('close', settle);
  });
}
