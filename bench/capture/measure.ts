import { type Certificate, type Sink, startSink, startSource } from '../hosts/start.ts';
import { median } from '../part.ts';
import type { CopiedFile, Place } from './side.ts';
import { type RunningSide, startSide } from './sides.ts';
import { runTool, type Tool } from './tools.ts';

/** How often, and how much at a time, files of one size are copied. */
export interface Plan {
  bytes: number;
  /** Files in a batch. */
  files: number;
  /** The same for all sides except the first, if fewer are enough for them. */
  othersFiles?: number;
  atOnce: number;
  rounds: number;
  /** Runs of each tool, of one file each; few, as each is a process. */
  toolRuns: number;
}

/** What one file of a size took on each side. */
export interface Sized {
  bytes: number;
  /** Processor's time for one file, in ms, the median of the rounds, by side. */
  cpuMs: Record<string, number>;
  /** The same of the clock. */
  wallMs: Record<string, number>;
  /** The most requests that one file took on average in any round, by side. */
  requests: Record<string, number>;
}

const WARM_UP = [
  { bytes: 4_096, files: 300 },
  { bytes: 2 ** 20, files: 10 },
];

/** A host for files, one for the bucket, and the sides in processes of their own. */
export interface Stage {
  copy(side: string, plan: Pick<Plan, 'bytes' | 'files' | 'atOnce'>): Promise<Copied>;
  /** Processor's time in ms for one file. */
  runTool(tool: Tool, bytes: number): Promise<number>;
  close(): void;
}

interface Copied {
  /** For one file. */
  cpuMs: number;
  /** For one file. */
  wallMs: number;
  /** For one file. */
  requests: number;
  /** From the beginning of the batch to the first byte of a body in the bucket, in ms. */
  firstByteMs: number;
}

/** Starts everything, and has each side copy some files that do not count, unless it is only tried out. */
export async function setStage(
  sides: readonly string[],
  certificate: Certificate | null,
  short: boolean,
): Promise<Stage> {
  const [source, sink] = await Promise.all([startSource(certificate), startSink({ certificate })]);
  const place: Place = { endpoint: sink.url, bucket: 'bench' };
  const running = new Map<string, RunningSide>();
  let made = 0;
  const file = (bytes: number): CopiedFile => {
    made += 1;
    return { bytes, key: `F${made}`, url: `${source.url}/${bytes}/${made}` };
  };
  const stage: Stage = {
    async copy(side, { bytes, files, atOnce }) {
      const batch = { files: Array.from({ length: files }, () => file(bytes)), atOnce };
      await sink.forget();
      const { cpuMs, wallMs, beganAt } = await (running.get(side) as RunningSide).copy(batch);
      const seen = await whatCame(sink, BigInt(beganAt));
      return { cpuMs: cpuMs / files, wallMs: wallMs / files, requests: seen.requests / files, ...seen.first };
    },
    runTool: async (tool, bytes) => runTool(tool, file(bytes), place, certificate),
    close() {
      for (const side of running.values()) side.close();
      source.close();
      sink.close();
    },
  };
  try {
    for (const side of sides) running.set(side, await startSide(side, place, certificate));
    const warmUps = short ? [] : WARM_UP;
    for (const side of sides) for (const plan of warmUps) await stage.copy(side, { ...plan, atOnce: 4 });
    return stage;
  } catch (error) {
    stage.close();
    throw error;
  }
}

async function whatCame(sink: Sink, beganAt: bigint) {
  const counts = await sink.counts();
  const requests = Object.values(counts.requests).reduce((sum, n) => sum + n, 0);
  const firsts = Object.values(counts.firstBytes).map((at) => Number(BigInt(at) - beganAt) / 1e6);
  return { requests, first: { firstByteMs: Math.min(...firsts) } };
}

/** Copies files of one size, all sides taking turns in every round. */
export async function measureSize(
  stage: Stage,
  sides: readonly string[],
  tools: readonly Tool[],
  plan: Plan,
): Promise<Sized> {
  const rounds = new Map<string, Copied[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < plan.rounds; round++)
    for (const [index, side] of sides.entries()) {
      const files = index === 0 ? plan.files : (plan.othersFiles ?? plan.files);
      rounds.get(side)?.push(await stage.copy(side, { ...plan, files }));
    }
  const cpuMs: Record<string, number> = {};
  const wallMs: Record<string, number> = {};
  const requests: Record<string, number> = {};
  for (const [side, copied] of rounds) {
    cpuMs[side] = median(copied.map((one) => one.cpuMs));
    wallMs[side] = median(copied.map((one) => one.wallMs));
    requests[side] = Math.max(...copied.map((one) => one.requests));
  }
  for (const tool of tools) {
    const runs: number[] = [];
    for (let run = 0; run < plan.toolRuns; run++) runs.push(await stage.runTool(tool, plan.bytes));
    cpuMs[tool.name] = median(runs);
  }
  return { bytes: plan.bytes, cpuMs, wallMs, requests };
}

/** How long it takes until the first byte of a file is in the bucket, in ms, one file at a time, the sides in turn. */
export async function measureFirstByte(
  stage: Stage,
  sides: readonly string[],
  { bytes, runs }: { bytes: number; runs: number },
): Promise<Record<string, number>> {
  const took = new Map<string, number[]>(sides.map((side) => [side, []]));
  for (let run = 0; run < runs; run++) {
    for (const side of sides) {
      const { firstByteMs } = await stage.copy(side, { bytes, files: 1, atOnce: 1 });
      took.get(side)?.push(firstByteMs);
    }
  }
  return Object.fromEntries([...took].map(([side, all]) => [side, median(all)]));
}
