/**
 * For commands, imported first: where nobody reads the output any more (`npm run verify | head`), a command ends without a word, as if
 * the system had ended it (SIGPIPE, which Node ignores: nodejs.org/api/process.html#signal-events). What it does may be stopped at any
 * instant.
 */
const ENDED_BY_SIGPIPE = 128 + 13;

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(ENDED_BY_SIGPIPE);
    throw error;
  });
}
