import type { See } from '../sight.ts';
import type { Envelope } from '../slack/ears.ts';

/** Shows deliveries of one event, and how many different ones they were; Slack's own repeats do not count. */
export function delivered(see: See, envelopes: Envelope[], name = 'event'): void {
  const firsts = envelopes.filter(({ retry_attempt }) => !(Number(retry_attempt) > 0));
  see(name, ...envelopes.map((body) => ({ body, facts: { times: String(Math.max(1, firsts.length)) } })));
}
