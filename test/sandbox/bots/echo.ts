// A bot that says which variables it was given, and stops when asked.
process.stdout.write(`pid ${process.pid} bucket ${process.env.VAULT_BUCKET}\n`);
const alive = setInterval(() => {}, 1000);
process.on('SIGTERM', () => {
  process.stdout.write('stopped in good order\n');
  clearInterval(alive);
});
