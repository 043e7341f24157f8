/** Faults of the Web API, and Slack completely gone. */
import { expect, test } from 'vitest';
import { eventually, socketApp } from './receiver.ts';
import { freshSlack, refusal, webClient } from './start.ts';

test('an error by name, a status, a rate limit with and without its wait', async () => {
  const slack = await freshSlack();
  const web = webClient(slack);
  const handle = slack.faults.api('auth.test', { error: 'fatal_error' });
  expect(await refusal(web.auth.test())).toBe('fatal_error');
  expect(await refusal(web.auth.test())).toBe('fatal_error');
  expect(handle.hits).toBe(2);
  handle.remove();
  expect((await web.auth.test()).ok).toBe(true);
  slack.faults.api('*', { status: 503 }, 1);
  expect(await web.team.info().catch((error) => error.statusCode)).toBe(503);
  expect(slack.calls.list.at(-1)).toMatchObject({ method: 'team.info', status: 503 });
  const raw = () => fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
  slack.faults.api('auth.test', { status: 429, retryAfter: 9 }, 1);
  const limited = await raw();
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '9']);
  slack.faults.api('auth.test', { status: 429 }, 1);
  const bare = await raw();
  expect([bare.status, bare.headers.get('retry-after')]).toEqual([429, null]);
});

test('an answer that never comes, is cut off or comes late', async () => {
  const slack = await freshSlack();
  const ask = (ms: number) =>
    fetch(`${slack.apiUrl}auth.test`, { method: 'POST', signal: AbortSignal.timeout(ms) });
  slack.faults.api('auth.test', { hang: true }, 1);
  await expect(ask(200)).rejects.toThrow('timeout');
  slack.faults.api('auth.test', { reset: true }, 1);
  await expect(ask(5000)).rejects.toThrow('fetch failed');
  slack.faults.api('auth.test', { delayMs: 50 }, 1);
  expect((await ask(5000)).status).toBe(200);
});

test('a call that is carried out though its answer is lost', async () => {
  const slack = await freshSlack();
  const channel = slack.workspace.channels.general ?? '';
  slack.faults.api('chat.postMessage', { reset: true, after: true }, 1);
  const lost = webClient(slack).chat.postMessage({ channel, text: 'posted all the same' });
  await expect(lost).rejects.toThrow();
  expect(slack.as('anna').messages('general')).toMatchObject([{ text: 'posted all the same' }]);
});

test('down: nothing answers, sockets are cut, events wait; then all is well again', async () => {
  const slack = await freshSlack({ retryDelaysMs: [500, 1000, 2000] });
  const app = await socketApp(slack);
  slack.faults.down = true;
  await app.closed;
  await expect(fetch(`${slack.apiUrl}auth.test`, { method: 'POST' })).rejects.toThrow('fetch failed');
  slack.as('anna').post('general', 'meanwhile');
  await expect(slack.as('anna').command('general', '/vault')).rejects.toThrow('dispatch_failed');
  slack.faults.down = false;
  const again = await socketApp(slack);
  await eventually(() => again.messages.some(({ payload }) => payload?.event?.text === 'meanwhile'));
});

test('clear takes every fault away', async () => {
  const slack = await freshSlack();
  slack.faults.api('*', { status: 500 });
  slack.faults.event('*', { kind: 'drop' });
  slack.faults.down = true;
  slack.faults.clear();
  expect((await webClient(slack).auth.test()).ok).toBe(true);
  const app = await socketApp(slack);
  slack.as('anna').post('general', 'heard');
  await slack.deliveries.settled();
  expect(app.messages.at(-1)?.payload.event.text).toBe('heard');
});
