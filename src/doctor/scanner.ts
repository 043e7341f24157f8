import { Readable } from 'node:stream';
import type { ScanMode } from '../catalog/scan/model.ts';
import { ScannerError } from '../scan/answers.ts';
import { clamdVersion, type Patience, scanStream } from '../scan/clamd.ts';
import { lockedArchive, packedTooOften } from '../scan/probes.ts';
import { addressInWords, type ScanAddress } from '../scan-address.ts';
import { DAY_MS } from '../time.ts';
import { check } from './check.ts';

const PATIENCE: Patience = { connectMs: 3_000, questionMs: 4_000, idleMs: 4_000 };
const OLD_DAYS = 7;

const MODES: Record<ScanMode, string> = {
  off: 'VAULT_SCAN is not set',
  block: 'files that cannot be checked are held back (VAULT_SCAN_UNSCANNED=block)',
  allow: 'files that cannot be checked are given out (VAULT_SCAN_UNSCANNED=allow)',
};
const RUNS: Record<ScanMode, string> = {
  off: 'has no VAULT_SCAN',
  block: 'holds back what is not checked',
  allow: 'gives out what could not be checked',
};

/** The malware scanner: whether it answers, how old its signatures are, and whether it says what it has not read. */
export const scanner = check('scanner', { after: ['database'] }, async (situation, say) => {
  const { config, problems, found } = situation;
  if (problems.some(({ variable }) => variable.startsWith('VAULT_SCAN')))
    return say.skip('VAULT_SCAN is not set right.');
  const address = config.policy.scan?.address;
  const here: ScanMode = config.policy.scan?.unscanned ?? 'off';
  const other = found.database?.scanModes?.find((mode) => mode !== here);
  if (other !== undefined)
    return say.warn('differs', `Here, ${MODES[here]}; but a bot of this catalog runs that ${RUNS[other]}.`);
  if (address === undefined) return say.skip('VAULT_SCAN is not set: nothing is looked at for malware.');
  try {
    const { text, signaturesAt } = await clamdVersion(address, PATIENCE);
    const days = signaturesAt === null ? 0 : Math.floor((Date.now() - signaturesAt) / DAY_MS);
    if ((await objection(address, packedTooOften())) !== 'limits')
      return say.warn('limits', 'The scanner says OK of what it has not read to its end.');
    if ((await objection(address, lockedArchive())) !== 'encrypted')
      return say.warn('locked', 'The scanner says OK of archives that are locked with a password.');
    if (days >= OLD_DAYS) return say.warn('old', `The scanner’s signatures are ${days} days old.`);
    return say.ok(`The scanner at ${addressInWords(address)} answers: ${text}.`);
  } catch (error) {
    if (!(error instanceof ScannerError)) throw error;
    return say.fail('away', error.message);
  }
});

async function objection(address: ScanAddress, bytes: Buffer): Promise<string | null> {
  const { verdict } = await scanStream(address, Readable.from([bytes]), PATIENCE);
  return verdict.kind === 'not_scanned' ? verdict.reason : null;
}
