import { createFetch } from '../network/web.ts';
import { readProxies } from '../proxies.ts';
import { check } from './check.ts';

const PATIENCE_MS = 5_000;

/** Whether a bot runs here, and what it says of itself. It knows what only it can know: whether its sockets are open. */
export const runningBot = check('bot', {}, async ({ config, problems }, say) => {
  if (problems.some(({ variable }) => /^(PORT|HOST|VAULT_METRICS_)/.test(variable)))
    return say.skip('PORT or HOST is not set right.');
  const { port, host } = config.http.metrics ?? config.http;
  const name =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  const at = `${name}:${port}`;
  // The bot's own page, on this machine: no proxy is in between.
  const answer = await createFetch(readProxies({}))(`http://${at}/readyz`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => undefined);
  const body = (await answer?.json().catch(() => undefined)) as
    | { ok?: unknown; checks?: Record<string, string>; why?: string[]; waitingFor?: string[] }
    | undefined;
  if (answer === undefined || typeof body?.ok !== 'boolean')
    return say.skip(`No bot answers at ${at} (PORT, HOST); it may run elsewhere, or not at all.`);
  const told = Object.entries(body.checks ?? {})
    .map(([part, word]) => `${part}: ${word}`)
    .join(', ');
  return body.ok
    ? say.ok(`The bot at ${at} is ready (${told}).`)
    : say.fail(
        'unready',
        [`The bot at ${at} is not ready (${told}).`, ...(body.why ?? []), ...(body.waitingFor ?? [])].join(
          ' ',
        ),
      );
});
