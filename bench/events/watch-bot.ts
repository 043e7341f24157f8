import { answerParent } from '../hosts/serve.ts';
import { watch } from './watch.ts';

/**
 * Loaded into the bot before its own code (`node --import`): measures from inside, so that the bot itself is the one
 * that everybody runs. The channel to the parent does not keep a finished bot alive.
 */
const { begin, read } = watch();
answerParent({ begin, read });
process.channel?.unref();
