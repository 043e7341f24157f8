import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const sources = ['src', 'sandbox'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name))),
);

interface Import {
  from: string;
  /** A path in the project, or a package's name. */
  to: string;
  typeOnly: boolean;
}

const imports: Import[] = sources.flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8');
  return [
    ...text.matchAll(
      /^(?:import|export)\s+(type\s+)?[^'"]*?from\s+['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gms,
    ),
  ].map(([, type, named, dynamic]) => {
    const target = (named ?? dynamic) as string;
    const to = target.startsWith('.') ? relative(root, resolve(root, from, '..', target)) : target;
    return { from, to, typeOnly: type !== undefined };
  });
});

const within = (path: string, ...folders: string[]) =>
  folders.some((folder) => path.startsWith(`src/${folder}/`));

/** The folder of src that a file is in; null for what is in none. */
const roomOf = (path: string): string | null => /^src\/([^/]+)\//.exec(path)?.[1] ?? null;

/** Who imports whom, as the architecture page says it. */
const TABLE = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
  .split('\n')
  .map((line) => /^\| `(\w+)` \|([^|]*)\|([^|]*)\|$/.exec(line))
  .filter((row) => row !== null)
  .map(([, room, values, types]) => {
    const names = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name as string);
    return { room: room as string, values: names(values), types: names(types) };
  });

function forbidden(rule: (found: Import) => boolean): string[] {
  return imports.filter(rule).map(({ from, to }) => `${from} → ${to}`);
}

describe('imports point inwards', () => {
  it('finds the imports that it judges', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports).toContainEqual({
      from: 'src/events/index.ts',
      to: 'src/events/message.ts',
      typeOnly: false,
    });
  });

  it('as the table of the architecture page says: every arrow between rooms, and no other', () => {
    const arrows = (ofTypes: boolean) =>
      TABLE.flatMap(({ room, values, types }) => (ofTypes ? types : values).map((to) => `${room} → ${to}`));
    const found = (wanted: typeof imports) => [
      ...new Set(
        wanted
          .map(({ from, to }) => [roomOf(from), roomOf(to)])
          .filter(([from, to]) => from !== null && to !== null && from !== to)
          .map(([from, to]) => `${from} → ${to}`),
      ),
    ];
    const values = found(imports.filter(({ typeOnly }) => !typeOnly));
    const types = found(imports.filter(({ typeOnly }) => typeOnly)).filter((one) => !values.includes(one));
    expect(values.sort()).toEqual(arrows(false).sort());
    expect(types.sort()).toEqual(arrows(true).sort());
  });

  it('every room is in that table once, above all that it imports', () => {
    const rooms = TABLE.map(({ room }) => room);
    const there = new Set(sources.map(roomOf).filter((room) => room !== null));
    expect(rooms.toSorted()).toEqual([...there].sort());
    const upwards = TABLE.flatMap(({ room, values, types }, place) =>
      [...values, ...types].filter((to) => rooms.indexOf(to) <= place).map((to) => `${room} → ${to}`),
    );
    expect(upwards).toEqual([]);
  });

  it('what stands on the ground needs no room but text, and config the names of the modes', () => {
    const ground = (path: string) =>
      /^src\/[^/]+$/.test(path) && !/\/(app|app-deliveries|app-vault|main)\.ts$/.test(path);
    expect(forbidden(({ from, to }) => ground(from) && roomOf(to) !== null && !within(to, 'text'))).toEqual([
      'src/config.ts → src/catalog/model.ts',
    ]);
  });

  it('the core knows neither Bolt nor Block Kit', () => {
    const core = (path: string) => within(path, 'capture', 'catalog', 'storage');
    expect(
      forbidden(
        ({ from, to }) =>
          core(from) &&
          (to.startsWith('@slack/') || within(to, 'blocks', 'slack', 'events', 'commands', 'actions')),
      ),
    ).toEqual([]);
  });

  it('the catalog and the bucket know nothing of each other, nor of capture', () => {
    expect(forbidden(({ from, to }) => within(from, 'catalog') && within(to, 'storage', 'capture'))).toEqual(
      [],
    );
    expect(
      forbidden(
        ({ from, to, typeOnly }) => within(from, 'storage') && within(to, 'catalog', 'capture') && !typeOnly,
      ),
    ).toEqual([]);
  });

  it('blocks are pure: from elsewhere they import only types, text reading and shape checks', () => {
    expect(
      forbidden(
        ({ from, to, typeOnly }) =>
          within(from, 'blocks') && !within(to, 'blocks', 'text') && to !== 'valibot' && !typeOnly,
      ),
    ).toEqual([]);
  });

  it('text reading can be used everywhere, because it needs nothing of ours', () => {
    expect(
      forbidden(({ from, to }) => within(from, 'text') && to.startsWith('src/') && !within(to, 'text')),
    ).toEqual([]);
  });

  it('use cases know neither Bolt nor Block Kit, nor who calls them', () => {
    const edges = ['blocks', 'edge', 'events', 'commands', 'actions'];
    expect(
      forbidden(
        ({ from, to }) => within(from, 'vault') && (to.startsWith('@slack/') || within(to, ...edges)),
      ),
    ).toEqual([]);
  });

  it('commands and clicks share use cases, never each other, and ask the catalog for nothing but types', () => {
    const edges = ['commands', 'actions', 'edge'];
    expect(
      forbidden(
        ({ from, to, typeOnly }) =>
          (within(from, ...edges) && within(to, 'catalog', 'capture', 'storage') && !typeOnly) ||
          (within(from, 'commands') && within(to, 'actions')) ||
          (within(from, 'actions') && within(to, 'commands')),
      ),
    ).toEqual([]);
  });

  it('refusals need nothing but the error and plain text', () => {
    expect(
      forbidden(
        ({ from, to }) =>
          within(from, 'refusals') && to !== 'src/errors.ts' && !within(to, 'text', 'refusals'),
      ),
    ).toEqual([]);
  });

  it('events translate what Slack says; what follows from it is for use cases to decide', () => {
    expect(
      forbidden(
        ({ from, to, typeOnly }) =>
          within(from, 'events') && within(to, 'catalog', 'capture', 'storage') && !typeOnly,
      ),
    ).toEqual([]);
  });

  it('the code that talks to Slack imports only types from the catalog', () => {
    expect(
      forbidden(({ from, to, typeOnly }) => within(from, 'slack') && within(to, 'catalog') && !typeOnly),
    ).toEqual([]);
  });

  it('Slack’s edge is not imported by what it calls', () => {
    expect(
      forbidden(
        ({ from, to }) => within(from, 'slack') && within(to, 'events', 'commands', 'actions', 'blocks'),
      ),
    ).toEqual([]);
  });

  it('only app.ts and the parts that assemble it know every part', () => {
    expect(forbidden(({ from, to }) => to === 'src/app.ts' && from !== 'src/main.ts')).toEqual([]);
  });

  it('jobs are started by app.ts, and nothing else knows them', () => {
    expect(
      forbidden(({ from, to }) => within(to, 'jobs') && !within(from, 'jobs') && from !== 'src/app.ts'),
    ).toEqual([]);
  });

  it('the bot never needs the sandbox', () => {
    expect(
      forbidden(
        ({ from, to }) => from.startsWith('src/') && to.startsWith('sandbox/') && from !== 'src/main.ts',
      ),
    ).toEqual([]);
  });

  it('only the network room makes connections out, so that none passes by the proxy', () => {
    // The malware scanner speaks no HTTP, and no proxy stands before it.
    const inside = (path: string) =>
      !path.startsWith('src/') || within(path, 'network') || path === 'src/scan/clamd.ts';
    const makers = [
      ...['undici', '@smithy/node-http-handler', '@smithy/fetch-http-handler', 'ws', 'axios', 'node-fetch'],
      ...['node:https', 'https', 'node:http2', 'http2', 'node:tls', 'tls', 'http', 'net'],
    ];
    expect(forbidden(({ from, to, typeOnly }) => !inside(from) && makers.includes(to) && !typeOnly)).toEqual(
      [],
    );
    // Of these modules, what serves or only reads is free for all.
    const named = (path: string) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/^import (.*?) from '(node:http|node:net)';/gms)]
        .filter(([, what]) => !what?.startsWith('type '))
        .flatMap(([, what = '', module]) => {
          const names = what.replace(/[{}]/g, '').split(',');
          return names.map((name) => name.trim()).map((name) => `${module} ${name}`);
        })
        .filter((name) => !/ (type \w+|createServer|isIP|BlockList|STATUS_CODES|)$/.test(name));
    expect(sources.filter((path) => !inside(path)).flatMap(named)).toEqual([]);
    // Nor may anybody use what Node has for all, or a client that is not given its connections.
    const text = (path: string) =>
      readFileSync(join(root, path), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
    const globals = /(?<![.\w])(fetch\(|new (?:WebSocket|EventSource)\(|globalThis\.fetch)/;
    expect(sources.filter((path) => !inside(path) && globals.test(text(path)))).toEqual([]);
    const GIVEN: Array<[RegExp, RegExp]> = [
      [/new WebClient\(/, /\bfetch: createFetch\(/],
      [/new App\(/, /\bfetch: createFetch\(/],
      [/new SocketModeClient\(/, /\bdispatcher: [\s\S]*\bfetch\b/],
      [/new S3Client\(/, /\brequestHandler = createSdkHandler\(/],
    ];
    const left = sources
      .filter((path) => path.startsWith('src/'))
      .filter((path) => GIVEN.some(([client, given]) => client.test(text(path)) && !given.test(text(path))));
    expect(left).toEqual([]);
  });

  it('no file of the bot is in a circle, types counted', () => {
    // A file that imports only files outside circles is outside too. Repeat until nothing changes.
    let left = sources.filter((path) => path.startsWith('src/'));
    for (let before = Number.POSITIVE_INFINITY; left.length < before; ) {
      before = left.length;
      const inDoubt = new Set(left);
      const needing = new Set(imports.filter(({ to }) => inDoubt.has(to)).map(({ from }) => from));
      left = left.filter((path) => needing.has(path));
    }
    // What is left is in a circle, or leads to one.
    expect(left).toEqual([]);
  });

  it('files leave the vault through one door, where the malware scanner is asked', () => {
    const makers = imports
      .filter(({ from, to }) => to === 'src/storage/presign.ts' && !within(from, 'storage'))
      .map(({ from }) => from)
      // It asks only whether Slack shows such a picture.
      .filter((from) => from !== 'src/vault/files/details.ts');
    // Exports and charts are made by the vault itself; the doctor and the rehearsal sign for objects of their own.
    expect(makers.sort()).toEqual([
      'src/charts/charts.ts',
      'src/doctor/bucket-link.ts',
      'src/rehearse/checks/links.ts',
      'src/vault/exports.ts',
      'src/vault/files/give-out.ts',
    ]);
    const details = readFileSync(join(root, 'src/vault/files/details.ts'), 'utf8');
    expect(details).toMatch(/import \{ isPreviewable \} from '..\/..\/storage\/presign.ts';/);
    const signers = sources.filter((path) =>
      /getSignedUrl|s3-request-presigner/.test(readFileSync(join(root, path), 'utf8')),
    );
    expect(signers.filter((path) => path.startsWith('src/'))).toEqual(['src/storage/presign.ts']);
  });

  it('no module is too long to read', () => {
    const long = sources.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 320);
    expect(long).toEqual([]);
  });
});
