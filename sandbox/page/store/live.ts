import { useEffect, useRef } from 'react';
import type { PageEvent } from '../../slack/page-api.ts';
import { asPerson } from './api.ts';

const RETRY_MS = 1000;

/**
 * Follows the live stream for one person. `onUp` runs after every reconnect, so that events missed in between
 * can be fetched again. The browser gives up on some failures for good; this does not.
 */
export function useLive(
  user: string,
  onEvent: (event: PageEvent) => void,
  onLive: (live: boolean) => void,
): void {
  const handlers = useRef({ onEvent, onLive });
  useEffect(() => {
    handlers.current = { onEvent, onLive };
  });
  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const connect = () => {
      source = new EventSource(`/sandbox/stream?${new URLSearchParams(asPerson(user))}`);
      source.onopen = () => handlers.current.onLive(true);
      source.onmessage = (message) => handlers.current.onEvent(JSON.parse(message.data) as PageEvent);
      source.onerror = () => {
        source?.close();
        handlers.current.onLive(false);
        timer = setTimeout(connect, RETRY_MS);
      };
    };
    connect();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [user]);
}
