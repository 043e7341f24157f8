import type { Operation } from './route.ts';

/** One request and its answer. Never its query: that may carry a signature. */
export interface LoggedRequest {
  at: number;
  /** `Unknown` for a request that was refused before it was examined, e.g. for its signature. */
  operation: Operation | 'Unknown';
  bucket: string;
  key: string;
  /** The status that was sent; 0 when the connection was cut or stays unanswered. */
  status: number;
  /** The error code, when there was one. */
  code: string | null;
  /** As the answer names it, in a header and in the error. */
  requestId: string;
  hostId: string;
}

export interface RequestLog {
  /** The newest requests, oldest first: at most 10,000 of them. */
  readonly list: readonly LoggedRequest[];
  /** How many of that operation (or of all) since the last reset, however they ended. */
  count(operation?: Operation): number;
  reset(): void;
}

const KEPT = 10_000;

/** An empty log, and the function that adds to it. */
export function createRequestLog(): { log: RequestLog; add(request: LoggedRequest): void } {
  const list: LoggedRequest[] = [];
  const counts = new Map<string, number>();
  return {
    add(request) {
      list.push(request);
      if (list.length > KEPT) list.shift();
      counts.set(request.operation, (counts.get(request.operation) ?? 0) + 1);
    },
    log: {
      list,
      count: (operation) =>
        operation ? (counts.get(operation) ?? 0) : [...counts.values()].reduce((sum, each) => sum + each, 0),
      reset() {
        list.length = 0;
        counts.clear();
      },
    },
  };
}
