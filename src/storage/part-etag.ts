import { createHash, type Hash } from 'node:crypto';

/** The size of the parts we send. 10,000 parts are 80 GiB; Slack's files stop at 1 GB. */
export const PART_BYTES = 8 * 1024 * 1024;

export interface PartEtag {
  add: (chunk: Buffer) => void;
  /** The ETag, without quotes. */
  etag: () => string;
}

/**
 * Computes, while the bytes flow, the ETag that S3 and similar stores give to an object sent in parts of `partBytes`:
 * the MD5 of the parts' MD5s, a dash, and their number; for a single part just its MD5. It proves the bytes when the
 * store verifies no checksums (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html).
 */
export function createPartEtag(partBytes: number = PART_BYTES): PartEtag {
  const parts: Buffer[] = [];
  let hash: Hash = createHash('md5');
  let filled = 0;
  return {
    add(chunk) {
      let rest = chunk;
      while (filled + rest.length > partBytes) {
        const room = partBytes - filled;
        parts.push(hash.update(rest.subarray(0, room)).digest());
        rest = rest.subarray(room);
        hash = createHash('md5');
        filled = 0;
      }
      hash.update(rest);
      filled += rest.length;
    },
    etag() {
      const last = hash.digest();
      if (parts.length === 0) return last.toString('hex');
      const all = createHash('md5').update(Buffer.concat([...parts, last]));
      return `${all.digest('hex')}-${parts.length + 1}`;
    },
  };
}
