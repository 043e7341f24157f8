import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What the parent may ask for: a name, answered with what the function of that name returns or resolves to. */
export type Questions = Record<string, (given: unknown) => unknown>;

/**
 * Runs a host of the benchmark in this process: on https when `BENCH_KEY` and `BENCH_CERT` name files. Tells the
 * parent its address, answers its questions, and ends with it.
 */
export function serve(listener: RequestListener, questions: Questions): Server {
  const { BENCH_KEY, BENCH_CERT } = process.env;
  const tls = BENCH_KEY && BENCH_CERT;
  const server = tls
    ? createHttps({ key: readFileSync(BENCH_KEY), cert: readFileSync(BENCH_CERT) }, listener)
    : createHttp(listener);
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1', 1_024, () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}` });
  });
  answerParent(questions);
  return server;
}

/** Answers the parent's questions, and ends the process with the parent. */
export function answerParent(questions: Questions): void {
  process.on('message', async ({ ask, given }: { ask: string; given?: unknown }) => {
    process.send?.({ answer: (await questions[ask]?.(given)) ?? null });
  });
  process.on('disconnect', () => process.exit(0));
}
