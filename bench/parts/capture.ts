import { measureFirstByte, measureSize, type Plan, type Sized, setStage } from '../capture/measure.ts';
import { toolsHere } from '../capture/tools.ts';
import { type Certificate, makeCertificate } from '../hosts/start.ts';
import type { Mark, Options, Part, Report, Table } from '../part.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Ours with everything, ours without the catalog, the minimum possible, and what people do otherwise. */
const SIDES = ['vault', 'vault-bytes', 'floor', 'tutorial', 'lib-storage'];
const NAMES: Record<string, string> = {
  vault: 'RIA Vault',
  'vault-bytes': 'its bytes alone',
  floor: 'floor',
  tutorial: 'fetch, buffer, PutObject',
  'lib-storage': 'lib-storage',
};

interface Measured {
  scheme: 'http' | 'https';
  sizes: Sized[];
  /** By size in bytes, then by side, in ms. */
  firstBytes: Record<number, Record<string, number>>;
}

export const capture: Part = {
  name: 'capture',
  title: 'Bytes',
  question:
    'What does it cost the processor to bring a file into the bucket, beside the least and beside others?',
  async run(options) {
    const http = await measured('http', null, options);
    const certificate = makeCertificate();
    if (certificate === null)
      return report([http], ['https was not measured: there is no `openssl` to make a certificate with.']);
    try {
      return report([http, await measured('https', certificate, options)], []);
    } finally {
      certificate.remove();
    }
  },
};

async function measured(
  scheme: Measured['scheme'],
  certificate: Certificate | null,
  { short, say }: Options,
): Promise<Measured> {
  const tools = toolsHere();
  const stage = await setStage(SIDES, certificate, short);
  try {
    const sizes: Sized[] = [];
    for (const plan of plans(scheme, short)) {
      const sized = await measureSize(stage, SIDES, plan.toolRuns > 0 ? tools : [], plan);
      const { vault = 0, floor = 1 } = sized.cpuMs;
      say(
        `${scheme}, ${size(plan.bytes)}: ${vault.toFixed(1)} ms, ${(vault / floor).toFixed(2)} × the floor`,
      );
      sizes.push(sized);
    }
    const firstBytes: Measured['firstBytes'] = {};
    for (const bytes of [100 * KIB, 16 * MIB])
      firstBytes[bytes] = await measureFirstByte(stage, ['vault', 'vault-bytes', 'floor', 'tutorial'], {
        bytes,
        runs: short ? 1 : 15,
      });
    return { scheme, sizes, firstBytes };
  } finally {
    stage.close();
  }
}

function plans(scheme: Measured['scheme'], short: boolean): Plan[] {
  const plan = (bytes: number, files: number, rounds: number, toolRuns: number): Plan => ({
    ...{ bytes, files, atOnce: Math.min(8, files), rounds, toolRuns },
  });
  if (short) return [plan(4 * KIB, 4, 1, scheme === 'http' ? 1 : 0), plan(MIB, 2, 1, 0)];
  const rounds = scheme === 'http' ? 4 : 2;
  return [
    plan(4 * KIB, 200, rounds, 2),
    plan(100 * KIB, 200, rounds, 2),
    plan(MIB, 48, rounds, 2),
    plan(16 * MIB, 6, rounds, 2),
    plan(100 * MIB, 2, 2, 1),
    plan(1024 * MIB, 1, 1, 1),
  ];
}

const size = (bytes: number) =>
  bytes >= 1024 * MIB
    ? `${bytes / MIB / 1024} GiB`
    : bytes >= MIB
      ? `${bytes / MIB} MiB`
      : `${bytes / KIB} KiB`;

function report(all: Measured[], notes: string[]): Report {
  return {
    tables: all.flatMap((one) => [cpuTable(one), ratioTable(one), requestTable(one), firstByteTable(one)]),
    notes: [
      ...notes,
      'Processor time is that of the copying process, user and system, all threads; the hosts are processes of their own. Up to 16 MiB six to eight files are under way at a time, the median of the rounds counts.',
      '"RIA Vault" is everything: the event\'s rows, the claim, checks, SHA-256, CRC-32, signature, create-only write, and the commit with audit entry and notice, in SQLite. "Its bytes alone" is the same without the catalog. The floor signs nothing and writes nothing down.',
      'The commands are a process for each file, and their start is most of it for small ones. rclone takes neither SHA-256 nor CRC-32 of what it copies.',
    ],
    marks: marks(all[0] as Measured),
    numbers: all,
  };
}

function sidesOf({ sizes }: Measured): string[] {
  return [...new Set(sizes.flatMap(({ cpuMs }) => Object.keys(cpuMs)))];
}

const named = (side: string) => NAMES[side] ?? side;

function cpuTable(measured: Measured): Table {
  const sides = sidesOf(measured);
  return {
    title: `Processor time for a file, ms (${measured.scheme})`,
    columns: ['size', ...sides.map(named)],
    rows: measured.sizes.map(({ bytes, cpuMs }) => [
      size(bytes),
      ...sides.map((side) => cpuMs[side]?.toPrecision(3) ?? '–'),
    ]),
  };
}

/** Ours as so many times the floor, and the others as so many times ours. */
function ratioTable(measured: Measured): Table {
  const others = sidesOf(measured).filter((side) => !['vault', 'vault-bytes', 'floor'].includes(side));
  const times = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? '–' : `${(a / b).toFixed(2)} ×`;
  return {
    title: `Ratios (${measured.scheme})`,
    columns: [
      ...['size', 'RIA Vault to the floor', 'its bytes alone to the floor'],
      ...others.map((side) => `${named(side)} to RIA Vault`),
    ],
    rows: measured.sizes.map(({ bytes, cpuMs }) => [
      size(bytes),
      times(cpuMs.vault, cpuMs.floor),
      times(cpuMs['vault-bytes'], cpuMs.floor),
      ...others.map((side) => times(cpuMs[side], cpuMs.vault)),
    ]),
  };
}

function requestTable({ scheme, sizes }: Measured): Table {
  const sides = SIDES.filter((side) => side !== 'floor' && side !== 'vault-bytes');
  return {
    title: `Requests to the bucket for a file, at most (${scheme})`,
    columns: ['size', ...sides.map(named)],
    rows: sizes.map(({ bytes, requests }) => [size(bytes), ...sides.map((side) => String(requests[side]))]),
  };
}

function firstByteTable({ scheme, firstBytes }: Measured): Table {
  const rows = Object.entries(firstBytes);
  const sides = Object.keys(rows[0]?.[1] ?? {});
  return {
    title: `Until the first byte is in the bucket, ms of the clock (${scheme})`,
    columns: ['size', ...sides.map(named)],
    rows: rows.map(([bytes, took]) => [
      size(Number(bytes)),
      ...sides.map((side) => `${took[side]?.toFixed(1)}`),
    ]),
  };
}

function marks({ sizes }: Measured): Mark[] {
  return sizes.flatMap(({ bytes, cpuMs: { vault, floor } }) =>
    vault === undefined || floor === undefined || bytes < 100 * KIB
      ? []
      : [
          {
            label: `Processor time for a file of ${size(bytes)}`,
            value: vault / floor,
            limit: bytes < MIB ? 2 : 1.25,
            unit: '× the floor',
          },
        ],
  );
}
