import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { isBookkeeping } from './bookkeeping.ts';
import type { Bot } from './bot.ts';
import type { BucketAnswer } from './bucket-types.ts';
import type { StepKeeper } from './first-steps.ts';
import type { S3Server } from './s3/server.ts';
import { isFromThePage } from './same-origin.ts';
import { sendJson } from './slack/http.ts';
import type { Tokens } from './tokens.ts';
import type { Trouble } from './trouble-types.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * What the page's right-hand panel shows, by path:
 *
 * GET  /sandbox/bucket                        → BucketAnswer, straight from the S3 server's disk
 * GET  /sandbox/bucket/sha256?key=…[&version] → { sha256 } of the bytes, read back over S3
 * POST /sandbox/bot/kill                      ends the bot at once, so that people see it come back
 * POST /sandbox/bot/stop, /sandbox/bot/start  lets the bot finish, and starts it again
 */
export function bucketApi(
  s3: S3Server,
  bucket: string,
  tokens: Tokens,
  bot: () => Bot,
  trouble: () => Trouble,
  steps: StepKeeper,
): Record<string, Handler> {
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: s3.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: tokens.s3AccessKeyId, secretAccessKey: tokens.s3SecretAccessKey },
  });
  return {
    '/sandbox/bucket': async (_request, response) => {
      const listed = await s3.list(bucket);
      if (listed.some(({ key }) => !isBookkeeping(key))) steps.tick('land');
      if (Object.values(trouble()).includes(true)) steps.tick('break');
      const answer: BucketAnswer = {
        bucket,
        endpoint: s3.endpoint,
        objects: listed.map(({ key, size, etag, crc32, lastModified, versionId }) => ({
          ...{ key, bytes: size, etag, crc32 },
          ...{ modifiedAt: lastModified, versionId: versionId ?? null },
        })),
        totalBytes: listed.reduce((sum, one) => sum + one.size, 0),
        bot: bot().state(),
        trouble: trouble(),
        steps: steps.state(),
      };
      sendJson(response, 200, answer);
    },
    '/sandbox/bucket/sha256': async (request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: searchParams.get('key') ?? '',
        VersionId: searchParams.get('version') ?? undefined,
      });
      try {
        const { Body } = await client.send(command);
        const hash = createHash('sha256');
        await pipeline(Body as Readable, hash);
        sendJson(response, 200, { sha256: hash.digest('hex') });
      } catch (error) {
        sendJson(response, 404, { error: (error as Error).name });
      }
    },
    '/sandbox/bot/kill': onThePage(() => {
      bot().kill();
      steps.tick('break');
    }),
    '/sandbox/bot/stop': onThePage(() => bot().pause()),
    '/sandbox/bot/start': onThePage(() => bot().resume()),
  };
}

/** Does something that only the sandbox's own page may ask for. */
function onThePage(act: () => unknown): Handler {
  return async (request, response) => {
    if (!isFromThePage(request)) return sendJson(response, 403, { error: 'only_for_the_page' });
    await act();
    sendJson(response, 200, {});
  };
}
