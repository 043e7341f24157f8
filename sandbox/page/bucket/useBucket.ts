import { useCallback, useEffect, useRef, useState } from 'react';
import type { BucketAnswer } from '../../bucket-types.ts';

const EVERY_MS = 1000;

export interface BucketView {
  /** Null until the first answer. */
  bucket: BucketAnswer | null;
  reachable: boolean;
  /** Reads at once, after the page has changed something. */
  lookNow(): void;
}

/** The bucket, the bot and its troubles, read every second while the page is visible. */
export function useBucket(): BucketView {
  const [bucket, setBucket] = useState<BucketAnswer | null>(null);
  const [reachable, setReachable] = useState(true);
  const again = useRef(() => {});
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let seen = '';
    let newest = 0;
    const look = async () => {
      newest += 1;
      const mine = newest;
      clearTimeout(timer);
      try {
        const response = document.hidden ? null : await fetch('/sandbox/bucket');
        const text = response?.ok ? await response.text() : seen;
        if (mine !== newest) return;
        // An unchanged answer must not redraw anything.
        if (text !== seen) setBucket(JSON.parse(text) as BucketAnswer);
        seen = text;
        setReachable(response === null || response.ok);
      } catch {
        if (mine === newest) setReachable(false);
      }
      if (mine === newest) timer = setTimeout(look, EVERY_MS);
    };
    again.current = () => void look();
    void look();
    return () => {
      newest = Number.POSITIVE_INFINITY;
      again.current = () => {};
      clearTimeout(timer);
    };
  }, []);
  return { bucket, reachable, lookNow: useCallback(() => again.current(), []) };
}
