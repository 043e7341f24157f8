import { createHash } from 'node:crypto';
import { createFetch } from '../../network/web.ts';
import { CheckFailed } from '../endings.ts';
import type { Sight } from '../sight.ts';

const DOWNLOAD_MS = 60_000;
const SHOWN = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-range',
  'accept-ranges',
  'etag',
];

export interface Fetched {
  sight: Sight;
  bytes: Buffer;
}

/** Gets what stands at an address, without following redirects, with the headers that the vault reads. */
export async function fetched(
  url: unknown,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Fetched> {
  if (typeof url !== 'string' || !URL.canParse(url))
    throw new CheckFailed('there was no address to download from');
  try {
    const response = await createFetch()(url, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_MS)]),
    });
    const found = SHOWN.map((name) => [name, response.headers.get(name)]).filter(
      ([, value]) => value !== null,
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    return { sight: { status: response.status, headers: Object.fromEntries(found) }, bytes };
  } catch (error) {
    if (signal.aborted) throw error;
    throw new CheckFailed('the download was not answered', { cause: error });
  }
}

/** `yes` when both are the same bytes. */
export function same(a: Buffer, b: Buffer): 'yes' | 'no' {
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  return hash(a) === hash(b) ? 'yes' : 'no';
}
