// A sandbox with a bot, to be killed as a whole: prints the bot's pid and keeps running.
import { startBot } from '../../../sandbox/bot.ts';

const [, , entry = '', logFile = ''] = process.argv;
const bot = startBot({ env: process.env, entry, logFile });
process.stdout.write(`${bot.state().pid}\n`);
setInterval(() => {}, 1000);
