import type { S3Client } from '@aws-sdk/client-s3';
import { RetryableError } from '../errors.ts';
import type { S3RequestDone } from '../observed.ts';
import { failureOf } from './error-facts.ts';
import { BodyError } from './measure.ts';
import type { SendPut } from './send-put.ts';

export type OnRequest = (done: S3RequestDone) => void;

/** S3's names for "too much at once". Source: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. */
const SLOW_DOWN =
  /^(SlowDown|ServiceUnavailable|Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequests)/;

/**
 * Tells of each request of the client when it ended; each try of the SDK is a request. It stands around what reads the
 * answer, inside what tries again.
 */
export function observeClient(client: S3Client, onRequest: OnRequest): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (call) => {
        const operation = commandName.replace(/Command$/, '');
        const sentAt = performance.now();
        try {
          const answer = await next(call);
          const { $metadata } = answer.output as { $metadata?: { httpStatusCode?: number } };
          // A request that is made to learn an address is not sent.
          if ($metadata?.httpStatusCode !== undefined)
            onRequest({ operation, outcome: 'ok', ...since(sentAt) });
          return answer;
        } catch (error) {
          onRequest({ operation, outcome: outcomeOf(error), ...since(sentAt) });
          throw error;
        }
      },
    { step: 'deserialize', priority: 'high', name: 'observeRequests' },
  );
}

/** The same for puts that do not go through the SDK. */
export function observedPut(sendPut: SendPut, onRequest: OnRequest): SendPut {
  return async (put) => {
    const sentAt = performance.now();
    const done = (outcome: S3RequestDone['outcome']) =>
      onRequest({ operation: 'PutObject', outcome, ...since(sentAt) });
    try {
      const answer = await sendPut(put);
      done('ok');
      return answer;
    } catch (error) {
      done(outcomeOf(error));
      throw error;
    }
  };
}

const since = (ms: number) => ({ seconds: (performance.now() - ms) / 1_000 });

function outcomeOf(error: unknown): S3RequestDone['outcome'] {
  const { status, name } = failureOf(error);
  if (name === 'AbortError' || error instanceof BodyError || error instanceof RetryableError)
    return 'aborted';
  if (status === null) return 'unreachable';
  if (status === 404) return 'not_found';
  if (status === 409 || status === 412) return 'taken';
  if (status === 429 || SLOW_DOWN.test(name)) return 'slow_down';
  if (status === 401 || status === 403) return 'denied';
  return status >= 500 ? 'failed' : 'refused';
}
