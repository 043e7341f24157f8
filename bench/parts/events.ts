import { measureCrowd, type Served } from '../events/crowd.ts';
import { type Measured, type Mode, measureEvents, spread } from '../events/measure.ts';
import { RESOLUTION_MS } from '../events/watch.ts';
import { type Asked, measureWorst, type Worst } from '../events/worst.ts';
import { type Part, quantile, type Table } from '../part.ts';

const PER_SECOND = 100;
const SECONDS = { long: 60, short: 5 };
/** Both loads together, with starts and ends, stay under three minutes. */
const CATCH_UP_MS = 18_000;
const MODES: readonly Mode[] = ['http', 'socket'];
const NAMES: Record<Mode, string> = { http: 'HTTP', socket: 'Socket Mode' };

/** As many as Slack answers `users.info` in a minute; other people look at their App Home meanwhile. */
const CROWD = { long: { people: 100, seconds: 10, homes: 40 }, short: { people: 10, seconds: 1, homes: 4 } };

/** The questions take two seconds each at most; the files are shared for as long as all of them together may take. */
const WORST = {
  long: { files: 300_000, perSecond: 25, seconds: 45 },
  short: { files: 3_000, perSecond: 5, seconds: 10 },
};

const PROMISED_ACK_MS = 250;
const PROMISED_DELAY_MS = 50;
const PROMISED_ANSWER_MS = 10_000;

export const events: Part = {
  name: 'events',
  title: 'Events',
  question: `Does the bot keep up with ${PER_SECOND} shared files a second, and answer Slack in time?`,
  async run({ short, say }) {
    const seconds = short ? SECONDS.short : SECONDS.long;
    const load = { events: PER_SECOND * seconds, seconds };
    const measured: Measured[] = [];
    for (const mode of MODES) {
      say(`${load.events} events in ${seconds} s over ${NAMES[mode]}`);
      measured.push(await measureEvents(mode, load, CATCH_UP_MS));
    }
    const crowd = short ? CROWD.short : CROWD.long;
    say(`${crowd.people} people within ${crowd.seconds} s`);
    const served = await measureCrowd(crowd);
    const asking = short ? WORST.short : WORST.long;
    say(`a member's worst questions over ${asking.files} files`);
    const worst = await measureWorst({ ...asking, say });
    return {
      tables: [deliveries(measured), costs(measured), answers(served), questions(worst)],
      notes: [...notes(measured), CROWD_NOTE, WORST_NOTE],
      marks: [
        {
          label: `${crowd.people} people at once, the last answer`,
          value: quantile(served.ms, 1),
          limit: PROMISED_ANSWER_MS,
          unit: 'ms',
        },
        {
          label: "A member's worst query, longest work in one go",
          value: Math.max(...worst.asked.map(({ workMs }) => workMs)),
          limit: PROMISED_DELAY_MS,
          unit: 'ms',
        },
        {
          label: 'Acknowledged beside it, p99',
          value: worst.ack.p99,
          limit: PROMISED_ACK_MS,
          unit: 'ms',
        },
        ...measured.flatMap(({ mode, ack, bot }) => [
          { label: `Acknowledged, ${NAMES[mode]}, p99`, value: ack.p99, limit: PROMISED_ACK_MS, unit: 'ms' },
          {
            label: `Event loop blocked, ${NAMES[mode]}, longest`,
            value: bot.delayMs.max,
            limit: PROMISED_DELAY_MS,
            unit: 'ms',
          },
        ]),
      ],
      numbers: { loads: measured, crowd: served, worst },
    };
  },
};

function deliveries(measured: readonly Measured[]): Table {
  return {
    title: `${PER_SECOND} events a second, each of them a message with a new file`,
    columns: ['', ...measured.map(({ mode }) => NAMES[mode])],
    rows: [
      row('events sent', measured, ({ sent }) => `${sent}`),
      row('acknowledged', measured, ({ acknowledged }) => `${acknowledged}`),
      row('sent a second time', measured, ({ repeated }) => `${repeated}`),
      row('acknowledged after, ms: p50, p99, longest', measured, ({ ack }) => three(ack)),
      row('files in the bucket', measured, ({ captured }) => `${captured}`),
      row('stored, as the bot counts', measured, ({ counted }) => `${counted}`),
      row('sent to the bucket again', measured, ({ again }) => `${again}`),
      row('in the bucket after, ms: p50, p99, longest', measured, ({ stored }) => three(stored)),
      row('after the last event until everything was there', measured, ({ catchUpMs }) =>
        catchUpMs === null ? `not within ${CATCH_UP_MS / 1_000} s` : `${ms(catchUpMs)} ms`,
      ),
    ],
  };
}

function costs(measured: readonly Measured[]): Table {
  return {
    title: 'What it cost the bot',
    columns: ['', ...measured.map(({ mode }) => NAMES[mode])],
    rows: [
      row('event loop held up, ms: p50, p99, longest', measured, ({ bot }) => three(bot.delayMs)),
      row('the same in a process that did nothing', measured, ({ idle }) => three(idle.delayMs)),
      row('longest work in one go, without waiting for a processor, ms', measured, ({ bot }) =>
        ms(bot.longestWorkMs),
      ),
      row('event loop busy', measured, ({ bot }) => `${(bot.busy * 100).toFixed(0)} %`),
      row(
        'CPU for an event and its file',
        measured,
        ({ bot, sent }) => `${ms((bot.cpuSeconds / sent) * 1_000)} ms`,
      ),
      row('memory at the end', measured, ({ bot }) => `${(bot.rssBytes / 2 ** 20).toFixed(0)} MiB`),
      row('App Homes and messages sent meanwhile', measured, ({ calls }) => {
        const posts = (calls['chat.postMessage'] ?? 0) + (calls['chat.update'] ?? 0);
        return `${calls['views.publish'] ?? 0} and ${posts}`;
      }),
    ],
  };
}

const CROWD_NOTE =
  'People at once: the same bot with the sandbox’s Slack, which limits calls as Slack does. Each types `/vault get` with the name of a file; meanwhile the App Homes of others are due, and the channels are swept. Slack and the people share this process and its processors with the bot.';

function answers(served: Served): Table {
  const calls = [
    'users.info',
    'users.list',
    'users.conversations',
    'conversations.members',
    'conversations.info',
  ];
  return {
    title: `${served.asked} people at once`,
    columns: ['', '`/vault get`'],
    rows: [
      ['answered, of these with the file', `${served.answered}, ${served.right}`],
      ['answered after, ms: p50, p99, longest', three(spread(served.ms))],
      ['were told "one moment" first', `${served.told}`],
      ['App Homes by the last answer, and in the end', `${served.homes.meanwhile}, ${served.homes.later}`],
      ...calls.map((method) => [`asked of Slack: \`${method}\``, `${served.calls[method] ?? 0}`]),
      ['refused by Slack as too many', `${served.refused}`],
    ],
  };
}

const WORST_NOTE =
  'A member’s worst query: the same bot over a full catalog on SQLite, while files are shared. Each question is typed by itself, over signed HTTP. The longest work in one go is what the main thread used of a processor between two looks, the work for events included; how long the event loop was held counts what the machine let it wait, too.';

function questions(worst: Worst): Table {
  const cells = ({ name, answered, heldMs, workMs }: Asked) => [
    name,
    answered.ms === null ? 'no answer' : ms(answered.ms),
    ms(workMs),
    ms(heldMs),
  ];
  const { files, words, ack } = worst;
  const many = (count: number) => count.toLocaleString('en');
  return {
    title: `A member's worst query: ${many(files)} files, ${many(words)} different words in their names, SQLite`,
    columns: ['asked', 'answered after, ms', 'longest work in one go, ms', 'event loop held, longest, ms'],
    rows: [
      ...[worst.quiet, ...worst.asked].map(cells),
      ['**events meanwhile, acknowledged after, ms: p50, p99, longest**', three(ack), '', ''],
    ],
  };
}

function row(name: string, measured: readonly Measured[], cell: (one: Measured) => string): string[] {
  return [name, ...measured.map(cell)];
}

function three({ p50, p99, max }: { p50: number; p99: number; max: number }): string {
  return `${ms(p50)}, ${ms(p99)}, ${ms(max)}`;
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}

function notes(measured: readonly Measured[]): string[] {
  const late = Math.max(...measured.map((one) => one.late.p99));
  const warned = measured.flatMap(({ mode, warnings }) =>
    Object.entries(warnings).map(([name, times]) => `${NAMES[mode]}: ${name} (${times})`),
  );
  return [
    'The bot is the one that everybody runs, in a process of its own, with its default configuration and SQLite; Slack with its files and the bucket are two more processes. Each event has a moment of its own, drawn at random, and waits for no other. Files have 4 KiB. Three people look at their App Home meanwhile.',
    'An acknowledgement counts from the sending of the event until the sender has the answer. It comes after the event is on disk.',
    `The event loop is looked at every ${RESOLUTION_MS} ms from inside the bot; a delay is counted up to so much too long. A process that only waits shows what the machine does to everybody: with fewer free processors than busy processes, both wait for their turn. The longest work in one go is what the bot’s main thread itself used of a processor.`,
    `The sender was late by ${ms(late)} ms at p99. Slack's own limit is 8.3 events a second for a workspace, so this is twelve times what can come; the confirmations stay behind, as Slack takes about five messages a second.`,
    ...(warned.length === 0 ? [] : [`The bot warned of: ${warned.join('; ')}.`]),
  ];
}
