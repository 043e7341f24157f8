import { useEffect, useState } from 'react';
import type { BucketAnswer } from '../../bucket-types.ts';

const EVERY_MS = 1000;

/** The bucket, looked at every second while somebody can see it. */
export function useBucket(): { bucket: BucketAnswer | null; reachable: boolean } {
  const [bucket, setBucket] = useState<BucketAnswer | null>(null);
  const [reachable, setReachable] = useState(true);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let seen = '';
    const look = async () => {
      try {
        const response = document.hidden ? null : await fetch('/sandbox/bucket');
        const text = response?.ok ? await response.text() : seen;
        if (stopped) return;
        // The same answer again must not redraw anything.
        if (text !== seen) setBucket(JSON.parse(text) as BucketAnswer);
        seen = text;
        setReachable(response === null || response.ok);
      } catch {
        if (!stopped) setReachable(false);
      }
      if (!stopped) timer = setTimeout(look, EVERY_MS);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, []);
  return { bucket, reachable };
}
