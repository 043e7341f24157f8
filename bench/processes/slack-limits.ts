import { setTimeout as sleep } from 'node:timers/promises';
import { makeDue, NOTICE_MS, type Planned, record, type Site, startCrew } from './crew.ts';

const LOOK_MS = 250;
const MINUTE_MS = 60_000;

/** What Slack grants each method in a minute, of those that a crew uses most. Source: docs.slack.dev/apis/web-api/rate-limits. */
const A_MINUTE: Record<string, number> = {
  'conversations.history': 50,
  'chat.postMessage': 300,
  'chat.update': 50,
};

/** Calls of one method by all bots together. */
export interface MethodUse {
  method: string;
  calls: number;
  /** Calls in the busiest minute. */
  busiestMinute: number;
  /** What Slack grants in a minute; null for methods that are seldom called. */
  granted: number | null;
  /** Answered with 429 and a time to wait. */
  refused: number;
}

/** How well several bots kept the limits that they share. */
export interface SlackUse {
  bots: number;
  seconds: number;
  methods: MethodUse[];
  /** Messages that one channel took in its busiest ten seconds; Slack grants about one a second. */
  busiestTenSeconds: number;
  /** Confirmations that were due, that Slack has, and that it has twice. */
  due: number;
  posted: number;
  twice: number;
}

/**
 * Each channel of the workspace is swept, as at every start, and `busy` of them get `each` files, each in a message of
 * its own that is to be answered. Watches for `seconds`, or until all is told.
 */
export async function useOfSlack(
  site: Site,
  o: { bots: number; busy: number; each: number; seconds: number },
): Promise<SlackUse> {
  const { slack } = site.around;
  slack.calls.reset();
  const began = Date.now();
  const crew = await startCrew(site, o.bots, { VAULT_CONFIRM: 'thread' });
  try {
    const planned = Array.from(
      { length: o.busy * o.each },
      (_, i): Planned => ({ fileId: `F${i}`, channel: i % o.busy, bytes: 1_024 }),
    );
    await record(site, crew.catalog, planned);
    await makeDue(crew.catalog, Date.now() + NOTICE_MS);
    const posts = () =>
      slack.calls.list.filter(({ method, status }) => method === 'chat.postMessage' && status === 200);
    while (posts().length < planned.length && Date.now() - began < o.seconds * 1_000) await sleep(LOOK_MS);
    const threads = posts().map(({ args }) => `${args.channel} ${args.thread_ts}`);
    const methods = [...new Set(slack.calls.list.map(({ method }) => method))];
    return {
      ...{ bots: o.bots, seconds: (Date.now() - began) / 1_000 },
      methods: methods.map((method) => {
        const calls = slack.calls.list.filter((call) => call.method === method);
        return {
          ...{ method, calls: calls.length, granted: A_MINUTE[method] ?? null },
          busiestMinute: busiest(calls, MINUTE_MS),
          refused: calls.filter(({ status }) => status === 429).length,
        };
      }),
      busiestTenSeconds: Math.max(
        0,
        ...Object.values(Object.groupBy(posts(), ({ args }) => String(args.channel))).map((calls) =>
          busiest(calls ?? [], 10_000),
        ),
      ),
      ...{ due: planned.length, posted: new Set(threads).size },
      twice: threads.length - new Set(threads).size,
    };
  } finally {
    await crew.close();
  }
}

/** The most calls within any so many ms; the calls are in the order in which they came. */
function busiest(calls: readonly { at: number }[], ms: number): number {
  return calls.reduce((most, { at }, i) => {
    const first = calls.findIndex((one) => one.at > at - ms);
    return Math.max(most, i - first + 1);
  }, 0);
}
