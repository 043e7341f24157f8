// A bot that cannot work with its configuration.
process.stderr.write('VAULT_BUCKET is not set: name the bucket.\n');
process.exit(2);
