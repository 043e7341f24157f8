import { check } from './check.ts';

/** As in src/runtime.cjs, which ends older ones before anything else is read. */
const LEAST = [22, 21] as const;

export const node = check('node', {}, ({ machine }, say) => {
  const [major = 0, minor = 0] = machine.nodeVersion.split('.').map(Number);
  const isNew = major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
  const says = `Node ${machine.nodeVersion} on ${process.platform} ${process.arch}`;
  return isNew ? say.ok(`${says}.`) : say.fail('old', `${says}; the bot needs ${LEAST.join('.')} or later.`);
});
