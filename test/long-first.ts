import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** About how many seconds files take that take longer than 20, on a machine with two processors. */
const SECONDS: Record<string, number> = {
  'e2e/rights': 466,
  'e2e/faults': 347,
  'e2e/image': 253,
  'e2e/start': 143,
  'e2e/interactions': 119,
  'e2e/rebuild': 99,
  'capture/verify': 87,
  'capture/walk': 84,
  'e2e/status': 80,
  'journal/rebuild.property': 77,
  'catalog/migrations/migrations': 70,
  'catalog/governance/govern.property': 62,
  'bench/memory': 62,
  'drill/meanwhile': 58,
  'drill/planted': 55,
  'e2e/browser': 52,
  'e2e/page': 51,
  'sandbox/main': 50,
  'e2e/metrics': 47,
  'capture/recapture': 47,
  'e2e/backfill': 46,
  'bench/processes': 45,
  'bench/answers': 45,
  'e2e/sweep': 43,
  'capture/copy': 43,
  'e2e/confirm-modes': 42,
  'bench/events': 42,
  'bench/capture': 42,
  'e2e/made-private': 41,
  'e2e/blocked': 38,
  'bench/load': 38,
  'e2e/backup': 37,
  'e2e/stop': 36,
  'e2e/kill': 36,
  'e2e/alerts': 35,
  'e2e/versions': 35,
  'e2e/exchanged': 34,
  'e2e/audit-lines': 34,
  'blocks/every-screen': 34,
  'e2e/rehearse': 32,
  'e2e/replays': 32,
  'sandbox/slack/properties': 32,
  'e2e/bad-configuration': 31,
  'e2e/page-first': 31,
  'rehearse/planted': 30,
  'sandbox/s3/crash': 30,
  'e2e/verify': 29,
  'e2e/trouble-page': 28,
  'catalog/files/versions': 28,
  'catalog/db/schema-guard': 28,
  'catalog/db/tls': 28,
  'e2e/trouble': 27,
  'bench/cost': 27,
  'e2e/readiness': 27,
  'storage/probe': 27,
  'e2e/passing': 26,
  'storage/bot': 25,
  'catalog/db/open': 25,
  'e2e/scan': 25,
  'env-file': 25,
  'start/first-look': 24,
  'e2e/import': 24,
  'e2e/upgrade': 24,
  'catalog/search/text-index': 24,
  'e2e/metrics-values': 23,
  'sandbox/trouble': 23,
  'e2e/load': 22,
  'e2e/page-make': 22,
  'doctor/faults': 21,
  'storage/parts': 20,
  'backup/restore': 20,
  'e2e/doctor': 20,
  'e2e/loop': 20,
  'catalog/db/pooler': 20,
};

/** A process is shared only with the next file of the same project, so each project's files come together. */
const PROJECTS = ['e2e', 'storage', 'unit-alone', 'unit'];

/**
 * Long files begin first, so that none of them is still running alone when all others are done; the many short ones
 * come last. What this machine measured itself counts more than the table. A fresh checkout has
 * measured nothing, and would go by the size of the files: `faults.test.ts`, the longest, is one of the smallest.
 */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = (file: TestSpecification) => {
      const measured = this.ctx.cache.getTestSpecificationResult(file)?.duration;
      const name = /test\/(.*)\.test\.ts$/.exec(file.moduleId)?.[1] ?? '';
      return measured !== undefined ? measured / 1_000 : (SECONDS[name] ?? 0);
    };
    const project = (file: TestSpecification) => PROJECTS.indexOf(file.project.name);
    return (await super.sort(files)).toSorted((a, b) => project(a) - project(b) || seconds(b) - seconds(a));
  }
}
