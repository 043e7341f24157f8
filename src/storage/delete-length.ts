import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Adds `Content-Length: 0` to each DELETE of the client. The SDK sends none. Seen with OpenStack Swift 2.30.1: it deletes
 * the newest of several versions only after it has waited 60 s for a body, and answers 500.
 */
export function announceEmptyDeletes({ middlewareStack }: S3Client): void {
  middlewareStack.add(
    (next) => async (call) => {
      const request = call.request as { method: string; headers: Record<string, string> };
      if (request.method === 'DELETE' && request.headers['content-length'] === undefined)
        request.headers['content-length'] = '0';
      return next(call);
    },
    // After the signature: a proxy that leaves the header out spoils nothing.
    { step: 'finalizeRequest', priority: 'low', name: 'announceEmptyDeletes' },
  );
}
