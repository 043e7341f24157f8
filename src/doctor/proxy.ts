import { connectionProblem } from '../connection-problem.ts';
import { errorCode } from '../errors.ts';
import { openTunnel } from '../network/tunnel.ts';
import { type ProxyServer, proxyFor } from '../proxies.ts';
import { check } from './check.ts';
import type { Situation } from './situation.ts';

const PATIENCE_MS = 6_000;

/** Which connection takes which proxy, and whether the proxy lets it through. */
export const proxy = check('proxy', {}, async (situation, say) => {
  const { proxies } = situation.config;
  const places = placesOf(situation);
  const through = places.map((url) => ({ url, by: proxyFor(proxies, url) }));
  const used = through.flatMap(({ url, by }) => (by === undefined ? [] : [{ url, by }]));
  if (used.length === 0) {
    const isSet = proxies.https !== undefined || proxies.http !== undefined;
    return say.ok(
      isSet
        ? 'A proxy is set, and nothing that is needed goes through it (NO_PROXY, or another kind of address).'
        : 'No proxy is set; everything goes straight there.',
    );
  }
  const failures = await Promise.all(used.map(({ url, by }) => tryOut(by, url)));
  const failed = failures.find((sentence) => sentence !== undefined);
  if (failed !== undefined) return say.fail('blocked', failed);
  const told = through.map(
    ({ url, by }) => `${url.host} ${by === undefined ? 'directly' : `by ${by.origin}`}`,
  );
  return say.ok(`Reached: ${told.join(', ')}.`);
});

function placesOf({ slack, receiver, bucket, env }: Situation): URL[] {
  const texts = [
    slack?.apiUrl,
    // Downloads, answers and sockets go to hosts of Slack's own, whatever the Web API's address is.
    ...(slack?.apiUrl.startsWith('https://slack.com/')
      ? ['https://files.slack.com/', 'https://hooks.slack.com/']
      : []),
    ...(slack?.apiUrl.startsWith('https://slack.com/') && receiver?.mode === 'socket'
      ? ['https://wss-primary.slack.com/']
      : []),
    bucket === undefined ? undefined : storeOf(bucket, env),
  ];
  return texts.flatMap((text) => (text !== undefined && URL.canParse(text) ? [new URL(text)] : []));
}

function storeOf({ bucket }: { bucket: string }, env: Situation['env']): string {
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  return (
    endpoint ??
    `https://${bucket.startsWith('arn:') ? '' : `${bucket}.`}s3.${env.AWS_REGION ?? 'us-east-1'}.amazonaws.com/`
  );
}

/** A sentence when the proxy does not let it through. Plain `http:` is asked of the proxy itself, with the request. */
async function tryOut(by: ProxyServer, { protocol, hostname, port }: URL): Promise<string | undefined> {
  const isTls = protocol === 'https:';
  try {
    if (!isTls) return await connectOnly(by);
    (await openTunnel(by, `${hostname}:${port || 443}`, PATIENCE_MS)).destroy();
    return undefined;
  } catch (error) {
    return (
      connectionProblem(error, { what: hostname, setting: by.variable })?.sentence ??
      `The proxy ${by.origin} (${by.variable}) failed (${errorCode(error)}).`
    );
  }
}

async function connectOnly(by: ProxyServer): Promise<string | undefined> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect({ host: by.hostname, port: by.port, timeout: PATIENCE_MS });
    const end = (code?: string) => {
      socket.destroy();
      resolve(
        code === undefined
          ? undefined
          : `The proxy ${by.origin} could not be reached (${code}): check ${by.variable} and that the proxy runs.`,
      );
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error) => end(errorCode(error)));
  });
}
