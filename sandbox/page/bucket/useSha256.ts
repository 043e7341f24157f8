import { useEffect, useState } from 'react';
import type { BucketObject } from '../../bucket-types.ts';

/** The checksum of what the bucket really holds. The sandbox computes it when somebody looks. */
export function useSha256({ key, versionId, etag }: BucketObject): string {
  const [sha256, setSha256] = useState('reading the bytes…');
  // biome-ignore lint/correctness/useExhaustiveDependencies: other bytes under the same key have another ETag
  useEffect(() => {
    const aborter = new AbortController();
    const query = new URLSearchParams({ key, ...(versionId ? { version: versionId } : {}) });
    fetch(`/sandbox/bucket/sha256?${query}`, { signal: aborter.signal })
      .then((response) => response.json())
      .then((answer: { sha256?: string }) => setSha256(answer.sha256 ?? 'not known'))
      .catch(() => {
        if (!aborter.signal.aborted) setSha256('not known');
      });
    return () => aborter.abort();
  }, [key, versionId, etag]);
  return sha256;
}
