import type { Batch, Place, Side, Took } from './side.ts';

/** The process of one side: copies the batches that it is given, and tells what each took. Started by `sides.ts`. */
const [name, endpoint, bucket] = process.argv.slice(2) as [string, string, string];
const { open } = (await import(`./sides/${name}.ts`)) as { open(place: Place): Promise<Side> };
const side = await open({ endpoint, bucket });

process.on('disconnect', () => process.exit(0));
process.on('message', async (batch: Batch) => {
  try {
    process.send?.(await copied(batch));
  } catch (error) {
    console.error(`${name}:`, error);
    process.exit(1);
  }
});
process.send?.('ready');

async function copied({ files, atOnce }: Batch): Promise<Took> {
  // So that no batch pays for another batch's garbage.
  globalThis.gc?.();
  const beganAt = String(process.hrtime.bigint());
  const began = performance.now();
  const before = process.cpuUsage();
  await side.copyAll(files, atOnce);
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, wallMs: performance.now() - began, beganAt };
}
