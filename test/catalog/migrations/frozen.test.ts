import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CamelCasePlugin, type Dialect, Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kyselyDatabase } from '../../../src/catalog/db/node-sqlite.ts';
import type { DatabaseKind } from '../../../src/catalog/migrations/frozen/database.ts';
import { foldFile } from '../../../src/catalog/migrations/frozen/fold.ts';
import { recognised } from '../../../src/catalog/migrations/frozen/names.ts';
import { MIGRATIONS } from '../../../src/catalog/migrations/index.ts';
import { hasPostgres, newDatabase } from '../databases.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, 'src/catalog/migrations');

/**
 * The SHA-256 of what each migration says to an empty database, its statements in their order. A new migration adds
 * its line. No line here ever changes: a migrated database never runs the same migration again.
 */
const PINNED: Record<DatabaseKind, Record<string, string>> = {
  sqlite: {
    '0001_catalog': 'd54581380bd14f3a563d1f72c2a2f9d203c7e910760e2e6acb15a27447250269',
    '0002_sweep': '3325c4937d5300c6ae572e099a8ebf7f8341456d7680f21cafcd0a2ba9e95838',
    '0003_journal': '12efb3a7f76161a866c91945704cff4e25a17ed0e18c278d5b4cb4e217ca7b9a',
    '0004_trouble': 'c4a6a2e002c6ffe215eab6648926e400d4fac18a4f21e633805c5392d3c44141',
    '0005_find': '02b902609f468f576750bce7d7ace607413bfc40579c605ae0639b32007b68f5',
    '0006_govern': 'c7bfec17520636deeeb18fd076e85fa70c2d718956d34c71aee3e97a13356dd7',
    '0007_stats': '9b5ddbb26d0cdee54d1b4ca5c3e3db01ae87d01ac9eefb14ed68f53afb7cea5b',
    '0008_trash_sum': 'd77f5bf3dc77e170fd9e1ed9a2e61dd0db3e08ad1c8898e84cbd66785a41f4de',
    '0009_turns': '95938bd27655ec2f4e498f12fcea2ace61c5ca9306a11226ed763a59ad6462e3',
    '0010_places': '84ea182b5feaf25684e1729f57e3c67dbe03785597b877e8fbcb3ec6d0d3576d',
    '0011_bots': 'c489b2d016a2e5eb654f0d7b5c97d5c8bb948632c815ae54db82a93ac1486b9a',
    '0012_trash_sums': '8f32ee0c8ce3fdeb3cb75b924fd81133df458b07d2f446ce2451f87cfcf3dcc0',
    '0013_kept': '581594d31dd2cc98a2f1615b3dfc801f04c4d11db947271ecf644cbe6e5401c0',
    '0014_listed': 'bf4ca1d90b0ad4ffc65e8740b015b80073ed34def6717a4f8acc814ad96e63d5',
    '0015_folded': '14ac41349a51c4d557cd35ebea61a67749db3e9c4c94a2ba44cf552813cb4d80',
    '0016_unshared': '45b308fbe3680979f8c9cb946fc5629b9e8ee8052a104dde48ea1a057ac65cd2',
    '0017_seen_request': '141d7350ba9214a5bf3dd2c571d78bc6c546c90c4580a5c48871092e524efed1',
    '0018_workspace': 'e205b95760d7535ce1a7afb346dffdb55c39946f30c84b29a161532a3f179bcc',
    '0019_journal_chain': '83bf44930d83b8f53e764a5f208bf8fbfbd8d4e01057c84390c38ba6271fd1da',
    '0020_scan': '9c197f74717aa7f9685563b30d8e59feaa89eb0abc98c201166496d856991923',
    '0021_audit_line': '4d0def91261533f883413e2766213df0c45bb50ae3387436aa3c51e8536bc4a0',
    '0022_explained': 'b6d2c72df1ef435ada50d7d79e5318d51d071a619ccc055286822284e72d3ab0',
    '0023_order': '6f1b68451b5dfc7f8b242da2d4c1dbe64edf9bb34c6db15f1571bc66ca9301b0',
    '0024_govern': 'e201d7f0cf59c9b747f41f13fcac6f77242a6a690c4618a28ecdde8be802b429',
    '0025_bookmark': '5595185801caeb41d2e9c050e4e5f7cbd96e3fec5c9e9ad4a20bedb2fca8406c',
    '0026_scan_modes': '2f65b9ec3be3efcabe7fed900c3b3a6de928f819d385ee324362080b7c3b79fb',
    '0027_direct': '81d211c6ece010025f5031a24efaf5dd115077dd9ed774312766fcd18ae204bc',
    '0030_channels': '7cb00efc3886e44c4cf66f46a6090e0a3e9752367642f747af70c55bb39d3523',
    '0031_reading': '0ab897823a3309f3806b6ad23fa0d177fcb835dccdede9ec790c63624fffdc65',
    '0032_said': '9578f9549a660695c70e39b39ec25716458938fd4d82ee2a7800c88aa091e7e2',
    '0034_workspaces': '0429b4dab5e544038c794747d4c491829f545c6ec4efe3aa68e91e27d827c684',
    '0035_words_later': '254903c3c7484d6753cec1b5bf34657b863072bde06829c05eaa045dc45a988c',
    '0036_reading_more': '61af8136511409ca8d2672f35abbb8abc9c0737dda727c3136fbb388689c98a6',
    '0038_reading_rules': 'd8a5755246c3a1f166d3a1741262c21f37d6dc6aa03c90b9061be3da11f4d9ca',
    '0039_word_numbers': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '0040_pairs': '21f406338c0f702d95caa09a4b6250bbf29a56cf93f97985809bde8abf41d99b',
    '0042_said_due': '7a30aaf128055043410661280551e10afbf1addbd3ce06dd9a7913d6f5f74134',
    '0046_trash_uploaders': 'e9bcad2a13bb1a4bd6711551cb802b6cedffc46bac4f2a5646e2bcae0359a4fe',
    '0047_reader': 'aef9c4ce2e41542e2c19e0c32a3460a28ac410c9fa4e98c4d1bacc38a772505e',
    '0048_postings': '85e0ab8274f83f98fe621fcca5270cd44e212b2579d3086e2947824b519fb0dc',
  },
  postgres: {
    '0001_catalog': 'af7fa3fe14b92fb2122427fdebfc28030bed35bdf5e30ef3577634eefa51242a',
    '0002_sweep': '885ad753d8b301ec7247c12b0e4176b2526ee90e38b1bcd4805e650f5f5f4510',
    '0003_journal': '0ccc3f659c2c632cfe8ed7ecc55081ae401a4ed3ba04d2aad7437b41f1e73f41',
    '0004_trouble': 'ba3bc9b7e54f96992053722eb6808bf2e65c1e1571f08c05afb9181fef6e8247',
    '0005_find': '16959bad87e05e81cc0a80b232bb1e5207c87ce11e302361a51e2c8529ac8c68',
    '0006_govern': '406ea175a6abd97224e0642016efc6c70eb8cb3c4e007d065156a014412ff954',
    '0007_stats': 'be80c14b29a75ef0e296ab73ffcaecdfee4cd776f94035617614a02625b6c109',
    '0008_trash_sum': 'd77f5bf3dc77e170fd9e1ed9a2e61dd0db3e08ad1c8898e84cbd66785a41f4de',
    '0009_turns': '95938bd27655ec2f4e498f12fcea2ace61c5ca9306a11226ed763a59ad6462e3',
    '0010_places': 'fba2e4508626206cb588789100c8bcfc6d2510c5b018a79ed01e2881535a0382',
    '0011_bots': 'f3d289fccb502dbe9e38e6e1ba95c1863c86a72f09dad32a1e4e603ad8d57a03',
    '0012_trash_sums': '8f32ee0c8ce3fdeb3cb75b924fd81133df458b07d2f446ce2451f87cfcf3dcc0',
    '0013_kept': '735921e9b73b4648c2cece7c98b35007396a065f6d08d87bf06fadbc5b6948e3',
    '0014_listed': 'aa42445d1f85350ec93e2241512420923fcc17b65f6c13afbbb013cf4afed0f6',
    '0015_folded': '92b8111f4d51b4eccf801890250ed60ff654bb066bac98ee5d08b2b7d3c10d78',
    '0016_unshared': '6303e8a8173390ba292394ff0a8faee608083e98205ba8203fee7ea92ef2c4a5',
    '0017_seen_request': '4b435fac71154dab8a2f7588c1d1312777af8a6c6b8fdaada4e4e377804eacc8',
    '0018_workspace': '28304c689e7f08b347202fe31eca754c6d673fed5accd1c0d44294a016857c85',
    '0019_journal_chain': '0a22da28734c4317202b67b517fd9e72f81a4a640268d5c9330b7d2db87303c8',
    '0020_scan': '34599c7e5aa431d3666a2d6d2917e1fffb43223bd1b37645d019b092a49a6ffe',
    '0021_audit_line': 'bfb062533222f061ee13b1ce40bff799e078e06b940b975f7d8bff915259427f',
    '0022_explained': '17449f1108d84ab00b4b5dab579418e5fa92d67a7c67f370e28b05acbcac299f',
    '0023_order': '6f1b68451b5dfc7f8b242da2d4c1dbe64edf9bb34c6db15f1571bc66ca9301b0',
    '0024_govern': 'e4a6d25976e2d1017e6d6bee4dbf3bd7c4fee05b82d8ab7d2d91e65b0a30736a',
    '0025_bookmark': 'c0a0bbbffbe4210e7580d0b5e49d8e03f15dd64852063e34ba346df9e4c55f6a',
    '0026_scan_modes': '965ae5750eb1e4eb3ddee1273a84222648d8e543fc8b190c3ed9bdbcc239e4d3',
    '0027_direct': '72be8e7c2ac98b24069d5f3dad0bcf3d3021e019772dba5e9229be3ff97a8717',
    '0030_channels': 'e8185c77f25d70c45bf300798c7a436dc0cc1f62803cd6c0cbb5e6a77b670869',
    '0031_reading': 'f71177165cb9bcd20e731653aad1f20a73616c38cee807858a0e6470f8ef95cf',
    '0032_said': 'd3f6a5e6f92926eaa7fdbe929c49a07700973b3ede4fc20c398f88f8196d0745',
    '0034_workspaces': '9cac4ce363e38522ae362978594ffbd15ac67c1c448496badda03e7f4dc9225e',
    '0035_words_later': 'bd140d67442ba643b32ba3ae84121d75e0ec6f05880f66f8ae8636680d3e40cb',
    '0036_reading_more': 'c2009b33fbda8d1fe3cddbeac907b67b98c452600805e8ed6763bca707c87ec1',
    '0038_reading_rules': '2f02dd95e6737fd123712b557e9b6dc19445caceb612357325a759c405213a8e',
    '0039_word_numbers': 'c7aea7771be394e59fc8faba7c5a1c78a5b507bb231ef1d136f6978a07376fba',
    '0040_pairs': 'cda055e1a26588a6d2fe5bbb4f5a62497633855805e148906e037c157c9f48a1',
    '0042_said_due': '852a24c3ed3264a60eb272be2e17d082c0160f33e025f1985f16945485a9c872',
    '0046_trash_uploaders': 'e9bcad2a13bb1a4bd6711551cb802b6cedffc46bac4f2a5646e2bcae0359a4fe',
    '0047_reader': '392a3396d83e44a91634ce92d24197d78d00dd7b1f32d5466813282deec17a66',
    '0048_postings': '34d68162aa4d529be981af87397e227c9749b4989f588b6df6e9ed2392632d90',
  },
};

/** They have nothing to say to SQLite. */
/** Migrations that do nothing on the other database. */
const ALONE = { sqlite: [] as string[], postgres: ['0039_word_numbers'] };
const OTHER = { sqlite: 'postgres', postgres: 'sqlite' } as const;

/** The frozen rules that no statement shows, and the table that they read. */
const PINNED_RULES = {
  'slack-emoji-16.json': 'faa5328ea391474516b19223ad5ea4d378f09529f5285c3d779a263182cc3939',
  fold: '70e452e7652ce197c2e543d177be236ed49d32543b41cfeb259e03c829293dc7',
  names: '907f2edfc8de867166ea304f81441fa87f7c00b457af006a2f68feec6fd4ac7b',
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function dialectOf(kind: DatabaseKind): Promise<Dialect> {
  if (kind === 'sqlite') return new SqliteDialect({ database: kyselyDatabase(new DatabaseSync(':memory:')) });
  const { url, drop } = await newDatabase('none');
  onTestFinished(drop);
  return new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) });
}

describe('a released migration', () => {
  it.each<DatabaseKind>(hasPostgres ? ['sqlite', 'postgres'] : ['sqlite'])(
    'says to %s what it said when it was released',
    async (kind) => {
      const said: string[] = [];
      const dialect = await dialectOf(kind);
      const db = new Kysely<unknown>({
        dialect,
        plugins: [new CamelCasePlugin()],
        log: ({ query }) => {
          said.push(query.sql);
        },
      });
      const hashes: Record<string, string> = {};
      for (const [name, up] of Object.entries(MIGRATIONS)) {
        said.length = 0;
        await up(db, kind);
        if (!ALONE[OTHER[kind]].includes(name)) expect(said, name).not.toEqual([]);
        hashes[name] = sha256(said.join('\n;\n'));
      }
      await db.destroy();
      expect(hashes).toEqual(PINNED[kind]);
    },
  );

  it('folds and names by the rules that it had', () => {
    // Scripts that Unicode no longer changes, so that a newer Node gives the same.
    const scripts = [
      [0, 0x530],
      [0x1e00, 0x2070],
      [0x2100, 0x2190],
      [0xff00, 0xff5f],
    ] as const;
    const samples = scripts.flatMap(([from, to]) =>
      Array.from({ length: to - from }, (_, i) => `a${String.fromCodePoint(from + i)}b`),
    );
    const texts = [
      ...samples,
      'Straße – „Q4“.pdf',
      ':tada: party :wave::skin-tone-3: 10:100:45 C:key:door',
      'R&amp;D &amp;lt;b&amp;gt; --v2.txt',
      'Anna’s\u200b\u00a0ﬁle',
    ];
    const titles = ['-', 'Untitled', '', null, ':tada: R&amp;D', 'notes.py', 'weekly_sync'];
    const modes = ['quip', 'canvas', 'docs', 'space', 'post', 'email', 'list', 'snippet', 'hosted', null];
    const types = [null, 'python', 'Text', 'a b', 'constructor', 'email'];
    const named = titles.flatMap((name) =>
      titles.flatMap((title) =>
        modes.flatMap((mode) => types.map((filetype) => recognised({ name, title }, { mode, filetype }))),
      ),
    );
    expect({
      'slack-emoji-16.json': sha256(readFileSync(join(folder, 'frozen/slack-emoji-16.json'), 'utf8')),
      fold: sha256(JSON.stringify(texts.map((name) => foldFile({ name, title: null })))),
      names: sha256(JSON.stringify(named)),
    }).toEqual(PINNED_RULES);
  });
});

describe('migrations stand by themselves', () => {
  const sources = (under: string) =>
    readdirSync(join(root, under), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  const importsOf = (path: string) =>
    [
      ...readFileSync(join(root, path), 'utf8').matchAll(
        /^(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
      ),
    ].map(([, named, bare, dynamic]) => {
      const target = (named ?? bare ?? dynamic) as string;
      return target.startsWith('.') ? relative(root, resolve(root, path, '..', target)) : target;
    });
  const here = 'src/catalog/migrations/';

  it('and import only kysely and what is frozen with them', () => {
    const files = sources(here).filter((path) => path !== `${here}index.ts`);
    expect(files.length).toBeGreaterThan(Object.keys(MIGRATIONS).length);
    const strange = files.flatMap((path) =>
      importsOf(path)
        .filter((to) => to !== 'kysely' && to !== 'node:crypto' && !to.startsWith(`${here}frozen/`))
        .map((to) => `${path} → ${to}`),
    );
    expect(strange).toEqual([]);
  });

  it('each has a file of its name, and is in the list', () => {
    const files = readdirSync(folder).filter((name) => /^\d/.test(name));
    expect(files.map((name) => name.replace('.ts', ''))).toEqual(Object.keys(MIGRATIONS));
  });

  it('and only the code that runs them imports from them', () => {
    const users = sources('src').filter(
      (path) => !path.startsWith(here) && importsOf(path).some((to) => to.startsWith(here)),
    );
    expect(users.map((path) => path.replace(/.*\//, ''))).toEqual(['migrate.ts']);
    expect(importsOf(users[0] as string).filter((to) => to.startsWith(here))).toEqual([`${here}index.ts`]);
  });
});
