import { expect, it } from 'vitest';
import { deliveryId, deliveryKind } from '../../src/slack/deliver.ts';

it.each([
  [{ type: 'event_callback', event: { type: 'file_shared' } }, 'file_shared'],
  [{ type: 'event_callback', event: { type: 'invented_by_somebody' } }, 'other'],
  [{ type: 'app_rate_limited' }, 'rate_limited'],
  [{ command: '/vault' }, 'command'],
  [{ type: 'block_actions' }, 'interaction'],
  [{}, 'other'],
])('a delivery has a kind from a fixed list: %j', (body, kind) => {
  expect(deliveryKind(body)).toBe(kind);
});

it('an event has the id that Slack gave it, and nothing else is taken for one', () => {
  expect(deliveryId({ event_id: 'Ev0PV52K21' })).toBe('Ev0PV52K21');
  expect(deliveryId({ event_id: 'x'.repeat(99) })).toBeUndefined();
  expect(deliveryId({ trigger_id: '1.2.abc' })).toBeUndefined();
});
