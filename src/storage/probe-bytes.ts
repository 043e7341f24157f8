import { createHash } from 'node:crypto';

/** The bytes of every try. They never change, so one try may overwrite another. */
export const BYTES = Buffer.from(
  'RIA Vault looks at what this bucket can do. This object may stay, and it may be deleted.\n',
);

/** The MD5 of bytes, in hex. */
export function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
