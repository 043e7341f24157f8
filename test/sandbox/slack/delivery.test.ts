// @slow: deliveries are tried again.
/** How events are carried: attempts over HTTP, sockets, and what faults do to them. */
import { describe, expect, test } from 'vitest';
import type { SandboxSlack } from '../../../sandbox/slack/server.ts';
import { eventually, httpApp, listeningApp, type Payload, type Received, socketApp } from './receiver.ts';
import { freshSlack, tempDir, webClient } from './start.ts';

const events = (received: Received[]) => received.map(({ payload }) => payload.event);

describe('attempts over HTTP', () => {
  test('a failed event is tried three more times, with its number and reason; then no more', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0, 10, 20] });
    const received = await httpApp(slack, () => ({ status: 500 }));
    slack.as('anna').post('general', 'hi');
    await slack.deliveries.settled();
    expect(received.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3']);
    expect(received[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect(new Set(received.map(({ payload }) => payload.event_id)).size).toBe(1);
    expect(slack.deliveries.list).toMatchObject([{ acked: false, over: true }]);
    expect(slack.deliveries.list[0]?.attempts).toHaveLength(4);
  });

  test('silence for too long is a time-out; the next attempt can succeed', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0], ackMs: 500 });
    const received = await httpApp(slack, (_one, at) => (at === 0 ? 'hang' : {}));
    slack.as('anna').post('general', 'hi');
    await slack.deliveries.settled();
    expect(received[1]?.headers['x-slack-retry-reason']).toBe('http_timeout');
    expect(slack.deliveries.list).toMatchObject([{ acked: true }]);
  });

  test('when nobody listens, the connection has failed', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0] });
    slack.setRequestUrl('http://127.0.0.1:1/slack/events');
    slack.as('anna').post('general', 'hi');
    await slack.deliveries.settled();
    expect(slack.deliveries.list[0]?.attempts.map(({ reason }) => reason)).toEqual([
      'connection_failed',
      'connection_failed',
    ]);
  });

  test('x-slack-no-retry is obeyed', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0, 0, 0] });
    const received = await httpApp(slack, () => ({ status: 500, headers: { 'x-slack-no-retry': '1' } }));
    slack.as('anna').post('general', 'hi');
    await slack.deliveries.settled();
    expect(received).toHaveLength(1);
  });
});

describe('sockets', () => {
  const event = (envelope: Payload) => envelope.payload?.event?.text;

  test('each payload goes to one of them, in turn', async () => {
    const slack = await freshSlack();
    const apps = [await socketApp(slack), await socketApp(slack)];
    expect(apps[1]?.messages[0]).toMatchObject({ type: 'hello', num_connections: 2 });
    for (let at = 0; at < 6; at += 1) slack.as('anna').post('general', `${at}`);
    await slack.deliveries.settled();
    const got = apps.map(({ messages }) => messages.slice(1).map(event));
    expect(got.map((texts) => texts.length)).toEqual([3, 3]);
    expect(got.flat().sort()).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('what is not acknowledged is tried again, over another one', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0, 0, 0], ackMs: 500 });
    const deaf = await socketApp(slack, () => undefined);
    const good = await socketApp(slack);
    for (const text of ['a', 'b']) slack.as('anna').post('general', text);
    await slack.deliveries.settled();
    expect(good.messages.slice(1).map(event).sort()).toEqual(['a', 'b']);
    const again = good.messages.find(({ retry_attempt }) => retry_attempt > 0);
    expect(again).toMatchObject({ retry_attempt: 1, retry_reason: 'timeout', type: 'events_api' });
    expect(deaf.messages).toHaveLength(2);
  });

  test('with none open, an event waits for its next attempt and a command fails at once', async () => {
    const slack = await freshSlack({ retryDelaysMs: [1500, 0, 0] });
    slack.as('anna').post('general', 'early');
    await expect(slack.as('anna').command('general', '/vault list')).rejects.toThrow('dispatch_failed');
    const app = await socketApp(slack);
    await slack.deliveries.settled();
    expect(app.messages.slice(1)).toMatchObject([
      { retry_attempt: 1, payload: { event: { text: 'early' } } },
    ]);
  });

  test('a refresh asks sockets to reconnect; an eleventh socket is refused', async () => {
    const slack = await freshSlack();
    const first = await socketApp(slack);
    for (let at = 0; at < 9; at += 1) await socketApp(slack);
    const eleventh = await socketApp(slack);
    expect(eleventh.messages).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
    await eleventh.closed;
    slack.refreshSockets('warning');
    await first.closed;
    expect(first.messages.at(-1)).toMatchObject({ type: 'disconnect', reason: 'warning' });
    expect((await socketApp(slack)).messages[0]).toMatchObject({ type: 'hello', num_connections: 1 });
  });

  test('a ticket opens one socket, once', async () => {
    const slack = await freshSlack();
    const { socket } = await socketApp(slack);
    const { WebSocket } = await import('ws');
    const again = new WebSocket(socket.url);
    const error = await new Promise<Error>((resolve) => again.once('error', resolve));
    expect(error.message).toContain('408');
  });

  test('pings are answered', async () => {
    const slack = await freshSlack();
    const { socket } = await socketApp(slack);
    const pong = new Promise<string>((resolve) => socket.once('pong', (data) => resolve(String(data))));
    socket.ping('are you there');
    expect(await pong).toBe('are you there');
  });
});

describe('faults of delivery', () => {
  const texts = (received: Received[]) => events(received).map(({ text }) => text);

  test('twice, not at all, late, out of order', async () => {
    const { slack, settle } = await listeningApp();
    const anna = slack.as('anna');
    slack.faults.event('message', { kind: 'duplicate' }, 1);
    anna.post('general', 'twice');
    const twice = await settle();
    expect(texts(twice)).toEqual(['twice', 'twice']);
    expect(new Set(twice.map(({ payload }) => payload.event_id)).size).toBe(1);
    slack.faults.event('*', { kind: 'drop' }, 1);
    anna.post('general', 'never');
    slack.faults.event('message', { kind: 'reorder' }, 1);
    anna.post('general', 'first');
    anna.post('general', 'second');
    expect(texts(await settle()).sort()).toEqual(['first', 'second']);
    slack.faults.event('message', { kind: 'delay', ms: 50 }, 1);
    anna.post('general', 'late');
    expect(texts(await settle())).toEqual(['late']);
  });

  test('reordering sends the later one first', async () => {
    const slack = await freshSlack();
    const app = await socketApp(slack);
    slack.faults.event('message', { kind: 'reorder' }, 1);
    slack.as('anna').post('general', 'first');
    slack.as('anna').post('general', 'second');
    await slack.deliveries.settled();
    expect(app.messages.slice(1).map(({ payload }) => payload.event.text)).toEqual(['second', 'first']);
  });

  test('stubs in the event, the whole file from files.info', async () => {
    const { slack, settle } = await listeningApp();
    const anna = slack.as('anna');
    slack.faults.stub('*', 'check_file_info', 1);
    const first = await anna.share('general', { name: 'a.txt', content: 'a' });
    const stub = events(await settle()).find(({ type }) => type === 'message')?.files[0];
    expect(stub).toEqual({
      id: first.files[0],
      mode: 'file_access',
      file_access: 'check_file_info',
      created: 0,
      timestamp: 0,
      user: '',
    });
    const { file } = await webClient(slack).files.info({ file: first.files[0] ?? '' });
    expect(file?.url_private_download).toBeDefined();
    slack.faults.stub('*', 'no_url', 1);
    await anna.share('general', { name: 'b.txt', content: 'b' });
    const bare = events(await settle()).find(({ type }) => type === 'message')?.files[0];
    expect(bare).toMatchObject({ name: 'b.txt', mimetype: '' });
    expect(bare).not.toHaveProperty('url_private');
  });

  test('the hourly limit: then app_rate_limited, and events are lost', async () => {
    const { slack, settle } = await listeningApp({ eventsPerHour: 2 });
    for (const text of ['1', '2', '3', '4']) slack.as('anna').post('general', text);
    const received = await settle();
    expect(received.map(({ payload }) => payload.event?.text ?? payload.type)).toEqual([
      '1',
      '2',
      'app_rate_limited',
    ]);
    expect(received[2]?.payload).not.toHaveProperty('event');
  });
});

test('events that were not acknowledged are sent again after a restart', async () => {
  const dir = await tempDir();
  const before: SandboxSlack = await freshSlack({ dir, retryDelaysMs: [600_000] });
  before.as('anna').post('general', 'kept');
  await eventually(() => before.deliveries.list[0]?.attempts.length === 1);
  await before.close();
  const { slack, settle } = await listeningApp({ dir, retryDelaysMs: [200, 500, 1000] });
  await slack.deliveries.settled();
  expect(events(await settle()).map(({ text }) => text)).toEqual(['kept']);
});
